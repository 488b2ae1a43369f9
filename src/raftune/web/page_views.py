"""A page of a document as it is shown: its picture with rectangles over it, or its text with the same words lit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from raftune.api import Project
from raftune.errors import ConfigError
from raftune.records import Chunk, Quote
from raftune.tracing.places import Box, page_spans, places_of
from raftune.tracing.rows import DRAWN, label_of
from raftune.web.library import Library

MARGIN = 1.5  # points around the letters
Spans = Sequence[tuple[Chunk, int, int]]
"""Characters [start, end) of chunks."""


@dataclass(frozen=True)
class PageView:
    """One page: `boxes` are lit on its picture of `size` points; `pieces` are its text, in turn dark and lit."""

    document: str
    label: str
    number: int
    numbers: tuple[int, ...]
    drawn: bool
    size: tuple[float, float]
    boxes: tuple[Box, ...]
    pieces: tuple[tuple[str, bool], ...]
    lit: tuple[int, ...]
    way: str
    warnings: tuple[str, ...]

    @property
    def before(self) -> int | None:
        """The page before, None on the first one."""
        place = self.numbers.index(self.number)
        return self.numbers[place - 1] if place else None

    @property
    def after(self) -> int | None:
        """The page behind, None on the last one."""
        return next(iter(self.numbers[self.numbers.index(self.number) + 1 :]), None)


def quoted(quotes: Iterable[Quote], chunk: Chunk) -> Spans:
    """The spans of quotes of one chunk."""
    return [(chunk, quote.start, quote.end) for quote in quotes if quote.chunk == chunk.id]


def page_view(project: Project, library: Library, document: str, spans: Spans, number: int | None = None) -> PageView:
    """Page `number` of a document with spans of its chunks lit; without a number the first page that has one.

    Raises ConfigError for a document or page that is not there.
    """
    found = library.document(project, document)
    if found is None:
        raise ConfigError("That document is not stored any more.", "Run the project again.")
    artifact, row = found
    numbers = tuple(page.number for page in row.pages)
    boxes_of = library.boxes(artifact, row)
    places = [place for span in spans for place in places_of(row, *span, boxes_of)]
    lit = tuple(sorted({place.page for place in places}))
    wanted = number if number is not None else next(iter(lit), next(iter(numbers), 0))
    page = next((page for page in row.pages if page.number == wanted), None)
    if page is None:
        raise ConfigError(f"{row.path} has no page {wanted}.", "Choose another page.")
    here = [place for place in places if place.page == wanted]
    size = next((place.size for place in here if place.size[0]), None) or page_size(boxes_of([wanted]), wanted)
    marks = [
        (first, last)
        for chunk, start, end in spans
        for span in chunk.document_spans(start, end)
        for where, first, last in page_spans(row, *span)
        if where.number == wanted
    ]
    return PageView(
        row.id,
        label_of(row),
        wanted,
        numbers,
        row.media_type in DRAWN,
        size,
        tuple(grown(box, size) for place in here for box in place.rectangles),
        tuple(pieces(page.text, marks)),
        lit,
        page.way,
        page.warnings,
    )


def page_size(words: object, number: int) -> tuple[float, float]:
    """A page's size in points where its words are kept, else (0, 0)."""
    found = words.get(number) if isinstance(words, dict) else None
    return found.size if found is not None else (0.0, 0.0)


def grown(box: Box, size: tuple[float, float]) -> Box:
    """A box with a margin, within the page."""
    return Box(
        max(0.0, box.left - MARGIN),
        max(0.0, box.top - MARGIN),
        min(size[0], box.right + MARGIN),
        min(size[1], box.bottom + MARGIN),
    )


def pieces(text: str, marks: Iterable[tuple[int, int]]) -> Iterable[tuple[str, bool]]:
    """A text cut where marks begin and end; True for what is marked. Joined again they are the text."""
    position = 0
    for start, end in sorted(marks):
        first, last = max(start, position), min(end, len(text))
        if first < last:
            if position < first:
                yield text[position:first], False
            yield text[first:last], True
            position = last
    if position < len(text):
        yield text[position:], False


def text_with_quotes(chunk: Chunk, quotes: Iterable[Quote]) -> tuple[tuple[str, bool], ...]:
    """A passage's text with its quotes marked."""
    return tuple(pieces(chunk.text, [(quote.start, quote.end) for quote in quotes if quote.chunk == chunk.id]))
