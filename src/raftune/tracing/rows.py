"""From a row back to the document: which characters of which chunk it stands on, and where those stand on the page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from unicodedata import normalize

from raftune.artifact import Artifact
from raftune.errors import ConfigError
from raftune.records import Answer, Chunk, Document, Example, Question, Record
from raftune.tracing.places import Place, places_of, read_words

R = TypeVar("R", bound=Record)

DRAWN = frozenset({"application/pdf"})
"""Media types whose pages can be drawn."""


@dataclass(frozen=True)
class Trace:
    """Characters [start, end) of a chunk's text, the document they come from, and the pages they stand on."""

    chunk: Chunk
    document: Document
    start: int
    end: int
    places: tuple[Place, ...]

    @property
    def text(self) -> str:
        """The characters."""
        return self.chunk.text[self.start : self.end]

    @property
    def drawn(self) -> bool:
        """Whether the document's pages can be drawn."""
        return self.document.media_type in DRAWN


def spans_of(row: Record) -> Iterator[tuple[str, int | None, int | None]]:
    """The id of a chunk with the span of its text that a row stands on; None, None for all of it.

    An answer and an example give each of their quotes, a question and a chunk the whole chunk. Raises ConfigError for a
    row that stands on no chunk, or an example without quotes.
    """
    if isinstance(row, Chunk):
        yield row.id, None, None
    elif isinstance(row, Question):
        yield row.chunk, None, None
    elif isinstance(row, Answer | Example) and row.quotes:
        for quote in row.quotes:
            yield quote.chunk, quote.start, quote.end
    else:
        raise ConfigError(
            f"The {type(row).__name__} {row.id} stands on no passage.",
            "Name a row of chunk, ask, answer or review, or an example with a quote.",
        )


def trace(row: Record, chunks: Sequence[Artifact[Chunk]], documents: Sequence[Artifact[Document]]) -> list[Trace]:
    """Where a row stands, for each of its spans. `chunks` and `documents` are artifacts to look in, newest first.

    Raises ConfigError for a row that stands on no chunk, or whose chunk or document is in none of them.
    """
    return [trace_span(name, start, end, chunks, documents) for name, start, end in spans_of(row)]


def trace_span(
    name: str,
    start: int | None,
    end: int | None,
    chunks: Sequence[Artifact[Chunk]],
    documents: Sequence[Artifact[Document]],
) -> Trace:
    """Where the characters [start, end) of a chunk, named by its id, stand; None, None for all of it.

    Raises ConfigError where the chunk or its document is in none of the artifacts.
    """
    _, chunk = row_of(chunks, name, "chunk")
    artifact, document = row_of(documents, chunk.document, "document")
    words = artifact.file(f"words/{document.sha256}.jsonl")
    first, last = start or 0, len(chunk.text) if end is None else end
    return Trace(chunk, document, first, last, places_of(document, chunk, first, last, partial(read_words, words)))


def row_of(artifacts: Iterable[Artifact[R]], name: str, kind: str) -> tuple[Artifact[R], R]:
    """The row of that id, and the artifact it stands in. Raises ConfigError."""
    for artifact in artifacts:
        for row in artifact.beginning(name):
            return artifact, row
    raise ConfigError(f"The {kind} {name} is not stored any more.", "Run `raftune run` again.")


def around(trace: Trace, characters: int) -> tuple[str, str]:
    """The document's text before and after a trace, up to so many characters each, cut at words."""
    text = trace.document.text
    spans = trace.chunk.document_spans(trace.start, trace.end)
    if not spans:
        return "", ""
    start, end = spans[0][0], spans[-1][1]
    before, after = text[max(0, start - characters) : start], text[end : end + characters]
    if start > characters:
        before = "…" + before[before.find(" ") :]
    if end + characters < len(text):
        after = after[: after.rfind(" ") + 1] + "…"
    return before, after


def named_document(documents: Iterable[Document], name: str) -> Document:
    """The document of that path, or the only one with it in its path; PATH#PART where a file holds many.

    Raises ConfigError when there is none, or more than one.
    """
    wanted = normalize("NFC", name).casefold()
    near: list[Document] = []
    for document in documents:
        label = normalize("NFC", label_of(document)).casefold()
        if label == wanted:
            return document
        if wanted in label:
            near.append(document)
    if not near:
        raise ConfigError(f"No document that was read is called {name!r}.", "`raftune status` lists them.")
    if len(near) > 1:
        names = ", ".join(label_of(document) for document in near[:5])
        raise ConfigError(f"{len(near)} documents have {name!r} in their names.", f"Give more of one: {names} ...")
    return near[0]


def label_of(document: Document) -> str:
    """A document's path, with its part where its file holds many."""
    return f"{document.path}#{document.part}" if document.part else document.path
