"""Documents -> chunks: passages with exact character spans, pages and headings.

Personal data is masked or blocked here, before a passage is shown to any model, an embedder included. A mask stands for
each character, so every span, page and box stays true.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from raftune.artifact import Artifact
from raftune.contracts import Span, SplitOptions
from raftune.errors import DocumentError
from raftune.personal_data import PRIVATE_KINDS, PersonalKind, PersonalSpan, find_personal, masked
from raftune.records import Chunk, Document
from raftune.sentences import is_korean
from raftune.stage import StageConfig, Tools, stage

FEWEST_LETTERS = 20


class ChunkConfig(StageConfig):
    """How documents are cut into passages."""

    splitter: str = "semantic"
    """A file in `splitters/`. semantic: parted where the subject changes; structure: parted at headings, else as large
    as fits."""
    unit: Literal["tokens", "characters"] = "tokens"
    """What sizes count: tokens of the student's tokenizer (estimated where that cannot be opened), or characters."""
    maximum: int = Field(default=400, ge=40, le=20_000)
    """The longest passage, in `unit`. 400 tokens are some 1,200 characters of an English report; four such documents, a
    question and its answer stay under 2,048 tokens."""
    minimum: int = Field(default=100, ge=0)
    """semantic: shorter passages are joined with a neighbour. structure: a heading begins a new one after so much."""
    overlap: int = Field(default=0, ge=0)
    """How much of a passage's end, in whole sentences, the next one repeats."""
    percentile: float = Field(default=80.0, ge=0, le=100)
    """semantic: passages are parted where the distance is over so many percent of a document's distances."""
    sample: int | None = Field(default=None, ge=1)
    """Keep only this many passages, drawn by the project's seed: a cheap first try."""
    personal_data: Literal["mask", "block", "allow"] = "mask"
    """mask: letters and figures of personal data become a black square each; block: passages that hold any are left
    out; allow: nothing is looked for."""
    personal_kinds: tuple[PersonalKind, ...] = PRIVATE_KINDS
    """What counts as personal data. Business registration numbers are public, so they are not in the default."""

    @model_validator(mode="after")
    def sizes_agree(self) -> Self:
        """Raises ValueError where no passage could keep to the sizes."""
        if self.minimum > self.maximum or 2 * self.overlap > self.maximum:
            raise ValueError("minimum must not be over maximum, nor overlap over half of it")
        return self


class Hidden(NamedTuple):
    """A document's text with its personal data masked, and where that stood."""

    text: str
    spans: Sequence[PersonalSpan]

    def kinds_in(self, span: Span) -> tuple[PersonalKind, ...]:
        """The kinds that stand in a passage, or in the header of its table."""
        parts = [(span.start, span.end), *([span.header] if span.header else [])]
        inside = {
            personal.kind
            for start, end in parts
            for personal in self.spans
            if personal.start < end and start < personal.end
        }
        return tuple(sorted(inside))


@stage(version=3, row_type=Chunk, roles=("tokenizer", "embedder"))
async def chunk(tools: Tools, config: ChunkConfig, documents: Artifact[Document]) -> AsyncIterator[Chunk]:
    """All passages in the order of the text. Raises DocumentError when there is none, ProviderError by an embedder."""
    kept = [await spans_of(tools, config, document) for document in documents] if config.sample is not None else None
    chosen = None if kept is None else sampled(tools, config, documents, kept)
    number = made = 0
    for done, document in enumerate(documents, 1):
        hidden = hide(config, document)
        for span in kept[done - 1] if kept is not None else await spans_of(tools, config, document):
            kinds = hidden.kinds_in(span)
            passage = chunk_of(document, hidden.text, span, kinds)
            if is_empty(passage.text):
                tools.reject(passage.id, "hardly any text", passage.text)
                continue
            number += 1
            if chosen is not None and number not in chosen:
                continue
            if kinds and config.personal_data == "block":
                tools.reject(passage.id, "personal data", ", ".join(kinds))
                continue
            made += 1
            yield passage
        tools.progress(done, len(documents), f"{number} passages")
    if not made:
        raise DocumentError("The documents hold no text to work with.", "Check them with `raftune show ingest`.")


def hide(config: ChunkConfig, document: Document) -> Hidden:
    """The document's text as the policy wants it shown."""
    spans = [] if config.personal_data == "allow" else find_personal(document.text, config.personal_kinds)
    return Hidden(masked(document.text, spans), spans)


async def spans_of(tools: Tools, config: ChunkConfig, document: Document) -> Sequence[Span]:
    """Where the passages of a document stand."""
    options = SplitOptions(
        maximum=config.maximum,
        minimum=config.minimum,
        measure=tools.plugs.measure(config.unit),
        overlap=config.overlap,
        percentile=config.percentile,
    )
    return await tools.plugs.splitter(config.splitter, options, document.language).split(hide(config, document).text)


def sampled(
    tools: Tools, config: ChunkConfig, documents: Artifact[Document], kept: Sequence[Sequence[Span]]
) -> set[int]:
    """The numbers (from 1) of the passages to keep."""
    total = 0
    for document, spans in zip(documents, kept, strict=True):
        text = hide(config, document).text
        total += sum(not is_empty(passage_text(text, span)) for span in spans)
    return set(tools.random("chunk", "sample").sample(range(1, total + 1), min(total, config.sample or total)))


def is_empty(text: str) -> bool:
    """Whether a passage holds hardly a letter."""
    return sum(character.isalpha() for character in text) < FEWEST_LETTERS


def passage_text(text: str, span: Span) -> str:
    """The text of a span, below the header of its table where it begins inside one."""
    header = "" if span.header is None else text[slice(*span.header)] + "\n"
    return header + text[span.start : span.end]


def chunk_of(document: Document, shown: str, span: Span, kinds: Sequence[PersonalKind]) -> Chunk:
    """The passage at a span of a document, from its text as it may be shown."""
    text = passage_text(shown, span)
    return Chunk(
        document=document.id,
        path=document.path,
        text=text,
        start=span.start,
        end=span.end,
        pages=document.pages_of(span.start, span.end),
        headings=span.headings,
        language="ko" if is_korean(text) else "en",
        header=span.header,
        media_type=document.media_type,
        masked=tuple(kinds),
    )
