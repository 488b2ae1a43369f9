"""Documents -> chunks: passages with exact character spans, pages and headings."""

from collections.abc import AsyncIterator

from pydantic import Field

from raftune.artifact import Artifact
from raftune.contracts import Span
from raftune.errors import DocumentError
from raftune.records import Chunk, Document
from raftune.sentences import is_korean
from raftune.stage import StageConfig, Tools, stage

FEWEST_LETTERS = 20


class ChunkConfig(StageConfig):
    """How documents are cut into passages."""

    splitter: str = "structure"
    """The way to split: a file in `splitters/`."""
    maximum: int = Field(default=1200, ge=200, le=20_000)
    """The longest passage, in characters (English: about 5 to a token, Korean: about 2)."""
    minimum: int = Field(default=300, ge=0)
    """A heading starts a new passage once the current one holds this many characters."""
    sample: int | None = Field(default=None, ge=1)
    """Keep only this many passages, drawn by the project's seed: a cheap first try."""


@stage(version=1, row_type=Chunk)
async def chunk(tools: Tools, config: ChunkConfig, documents: Artifact[Document]) -> AsyncIterator[Chunk]:
    """All passages in the order of the text. Raises DocumentError when there is none."""
    splitter = tools.plugs.splitter(config.splitter, config.maximum, config.minimum)
    chosen = sampled(tools, config, documents)
    number = made = 0
    for done, document in enumerate(documents, 1):
        for span in splitter.split(document.text):
            passage = chunk_of(document, span)
            if sum(character.isalpha() for character in passage.text) < FEWEST_LETTERS:
                tools.reject(passage.id, "hardly any text", passage.text)
                continue
            number += 1
            if chosen is None or number in chosen:
                made += 1
                yield passage
        tools.progress(done, len(documents), f"{number} passages")
    if not made:
        raise DocumentError("The documents hold no text to work with.", "Check them with `raftune show ingest`.")


def sampled(tools: Tools, config: ChunkConfig, documents: Artifact[Document]) -> set[int] | None:
    """The numbers (from 1) of the passages to keep, or None for all."""
    if config.sample is None:
        return None
    splitter = tools.plugs.splitter(config.splitter, config.maximum, config.minimum)
    total = sum(len(splitter.split(document.text)) for document in documents)
    return set(tools.random("chunk", "sample").sample(range(1, total + 1), min(total, config.sample)))


def chunk_of(document: Document, span: Span) -> Chunk:
    """The passage at a span of a document."""
    text = document.text[span.start : span.end]
    return Chunk(
        document=document.id,
        path=document.path,
        text=text,
        start=span.start,
        end=span.end,
        pages=document.pages_of(span.start, span.end),
        headings=span.headings,
        language="ko" if is_korean(text) else "en",
    )
