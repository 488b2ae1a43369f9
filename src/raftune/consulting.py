"""Questions to a project's documents: its passages opened, its student ready, and where a quote stands on its page."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from raftune.answering import Answerer, GroundedReply, PlacedQuote
from raftune.api import Project, history, opened_ledger, page_image, plugs_of, stored
from raftune.artifact import Artifact
from raftune.contracts import Embedder
from raftune.errors import ConfigError
from raftune.indexing.saved import Embedding, SavedIndex, Shelf
from raftune.meter import Meter
from raftune.models.student import find_student, safetensors_folder
from raftune.plugins import InstalledPlugs, embeds
from raftune.prompts.raft import default_prompt
from raftune.records import Chunk, Language
from raftune.replying import Consultation, InPieces, Whole, Writer
from raftune.tracing.rows import Trace, trace_span

if TYPE_CHECKING:
    from raftune.contracts import Vectors

ID = re.compile(r"[0-9a-f]{20}")


@dataclass
class QueryEmbedder:
    """The project's embedder for a language, opened when it is first asked, and again after it was closed."""

    name: str
    language: Language
    plugs: InstalledPlugs

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """One row of length 1 a text. Raises ProviderError."""
        return await self.plugs.embedder(self.language).embed(texts)


def shelf_of(project: Project, plugs: InstalledPlugs) -> Shelf:
    """The project's indexes, searched as [retrieve] says."""
    config = project.settings.retrieve
    if not embeds("retrievers", config.retriever):
        return Shelf(project.state / "index", floor=config.floor)
    names = {str(language): str(name) for language, name in project.embedders().items()}

    def opened(language: Language) -> Embedder:
        return QueryEmbedder(names[language], language, plugs)

    return Shelf(project.state / "index", Embedding(names, opened), config.retriever, config.floor)


async def open_passages(project: Project, plugs: InstalledPlugs) -> SavedIndex:
    """The project's latest passages, indexed; what was opened to embed new ones is closed again.

    Raises ConfigError before there are passages, ProviderError by an embedder, StoreError where nothing can be written.
    """
    chunks: Artifact[Chunk] = stored(project, "chunk")  # type: ignore[assignment]
    try:
        return await shelf_of(project, plugs).open(chunks)
    finally:
        await plugs.release()


def passages_shown(project: Project) -> int:
    """How many passages are shown with a question: as many as in training, unless the settings say otherwise."""
    return project.settings.retrieve.passages or project.settings.assemble.distractors + 1


@dataclass(frozen=True)
class Consulted:
    """Asks, and waits for the reply; see `Consultation.reply`. `index` holds the passages."""

    consultation: Consultation
    index: SavedIndex
    loop: asyncio.Runner

    def ask(
        self, question: str, tell: Callable[[str], object] = lambda _: None
    ) -> tuple[Sequence[Chunk], GroundedReply]:
        """The passages shown, and the checked reply."""
        asked, reply = self.loop.run(self.consultation.reply(question, tell))
        return asked.shown, reply


@contextmanager
def consulted(project: Project, *, tuned: bool = True, passages: int | None = None) -> Iterator[Consulted]:
    """The project's documents with its tuned student, or its base, to be asked; `passages` are shown with a question.

    Raises ConfigError before a run, and as `open_passages`.
    """
    index_of = stored(project, "chunk")
    model = stored(project, "train") if tuned else None
    adapter = model.file("adapter") if model is not None else None
    with opened_ledger(project) as ledger, asyncio.Runner() as loop:
        plugs = plugs_of(project, ledger, Meter(project.settings.max_cost))
        closing: list[Callable[[], None]] = []
        try:
            index = loop.run(open_passages(project, plugs))
            writer, (name, student) = writer_of(project, plugs, adapter, closing), plugs.student(adapter)
            answerer = Answerer(
                index.passages,
                index,
                student,
                name,
                default_prompt(),
                min(passages or passages_shown(project), max(len(index_of), 1)),
                project.settings.seed,
            )
            yield Consulted(Consultation(answerer, writer or Whole(student, name, answerer.seed)), index, loop)
        finally:
            for close in closing:
                close()
            loop.run(plugs.release())


def writer_of(
    project: Project, plugs: InstalledPlugs, adapter: Path | None, closing: list[Callable[[], None]]
) -> Writer | None:
    """The student open here, so that replies come in pieces; None where it is served elsewhere, or by llama.cpp."""
    config = project.settings.student
    if plugs.hosted_config is not None or config.engine in ("served", "llama_cpp"):
        return None
    student = find_student(project.student_name)
    fitting = adapter is None or (adapter / "adapter.gguf").exists()
    if config.engine != "transformers" and student.gguf is not None and fitting:
        return None
    from raftune.generating.opening import open_tuned

    generator, name = open_tuned(
        safetensors_folder(student), adapter, context=config.context, threads=config.threads, slots=1
    )
    closing.append(generator.close)
    return InPieces(generator, name, project.settings.seed)


def where(project: Project, chunk: str, start: int, end: int) -> Trace:
    """Where the characters [start, end) of a chunk's text stand: document, pages, rectangles in points.

    Raises ConfigError for characters that are not there, or a chunk that is not stored any more.
    """
    if not ID.fullmatch(chunk):
        raise ConfigError(f"{chunk[:40]!r} is no passage's id.", "`raftune show chunk` prints them.")
    trace = trace_span(chunk, start, end, history(project, "chunk"), history(project, "ingest"))
    if not 0 <= start < end <= len(trace.chunk.text):
        raise ConfigError(
            f"The passage {chunk} has no characters {start} to {end}.", f"It has {len(trace.chunk.text)} of them."
        )
    return trace


def where_quoted(project: Project, quote: PlacedQuote) -> Trace | None:
    """Where a quote of a reply stands, None for one that stands in no passage. Raises ConfigError as `where`."""
    return where(project, quote.chunk, quote.start, quote.end) if quote.chunk is not None else None


def pictures(project: Project, trace: Trace) -> list[tuple[int, bytes]]:
    """The pages of a trace by number, each as PNG with the words lit. Raises ConfigError, DocumentError.

    For PDF files; others have no pages to draw.
    """
    return [(place.page, page_image(project, trace.document, place)) for place in trace.places]


def with_exact_pages(project: Project, reply: GroundedReply) -> GroundedReply:
    """A reply whose quotes name the pages that they stand on, where their passage goes over several."""
    return replace(reply, quotes=tuple(exact(project, quote) for quote in reply.quotes))


def exact(project: Project, quote: PlacedQuote) -> PlacedQuote:
    """A quote with its own pages; those of its passage where its document is not stored any more."""
    if len(quote.pages) < 2:
        return quote
    try:
        trace = where_quoted(project, quote)
    except ConfigError:
        return quote
    return replace(quote, pages=tuple(place.page for place in trace.places)) if trace and trace.places else quote
