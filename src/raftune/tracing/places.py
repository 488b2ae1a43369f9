"""From characters of a chunk back to the page: which pages they stand on, and in which rectangles.

chunk span -> spans of the document -> spans of its pages -> boxes of the words they touch -> a rectangle a line.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from raftune.readings import WordBox
from raftune.records import Chunk, Document, Page, Way

WIDEST_SPACE = 1.5  # of the line's height: words further apart are cells or columns, lit apart
SHARED_HEIGHT = 0.5  # of the lower box: words that share less do not stand on one line


class Box(NamedTuple):
    """A rectangle on a page, in points from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PageWords:
    """The boxes of a page's words in the order of its text, and its size (width, height) in points."""

    size: tuple[float, float]
    words: tuple[WordBox, ...]


@dataclass(frozen=True)
class Place:
    """A page that characters stand on, from 1, how it was read, and the rectangles around them.

    Sizes are in points. `rectangles` is empty and `size` (0, 0) where the source keeps no boxes.
    """

    page: int
    way: Way
    rectangles: tuple[Box, ...] = ()
    size: tuple[float, float] = (0.0, 0.0)


BoxesOf = Callable[[Sequence[int]], Mapping[int, PageWords]]
"""The words of those of the pages named that have boxes."""


def places_of(document: Document, chunk: Chunk, start: int, end: int, boxes_of: BoxesOf) -> tuple[Place, ...]:
    """Where the characters [start, end) of a chunk's text stand: a place a page, by page number.

    A word that is touched in part gives that part of its box, by its characters.
    """
    spans = [part for span in chunk.document_spans(start, end) for part in page_spans(document, *span)]
    pages = {page.number: page for page, _, _ in spans}
    words = boxes_of(sorted(pages))
    places = []
    for number in sorted(pages):
        found = words.get(number, PageWords((0.0, 0.0), ()))
        touched = [box for page, *span in spans if page.number == number for box in boxes(found.words, *span)]
        places.append(Place(number, pages[number].way, tuple(lines_of(touched)), found.size))
    return tuple(places)


def page_spans(document: Document, start: int, end: int) -> Iterator[tuple[Page, int, int]]:
    """The pages that the characters [start, end) of a document's text stand on, each with its part in its own text."""
    position = 0
    for page in document.pages:
        if position >= end:
            return
        first, last = max(start - position, 0), min(end - position, len(page.text))
        if first < last:
            yield page, first, last
        position += len(page.text) + 1


def boxes(words: Iterable[WordBox], start: int, end: int) -> Iterator[Box]:
    """The boxes of the words that the characters [start, end) of a page's text touch, cut to the part touched."""
    for word in words:
        if word.start < end and word.end > start:
            wide = (word.right - word.left) / (word.end - word.start)
            left = word.left if start <= word.start else word.left + wide * (start - word.start)
            right = word.right if end >= word.end else word.left + wide * (end - word.start)
            yield Box(left, word.top, right, word.bottom)


def lines_of(found: Iterable[Box]) -> Iterator[Box]:
    """Boxes in the order of the text; those that follow each other on a line as one, with the space between."""
    line: Box | None = None
    for box in found:
        if line is not None and follows(line, box):
            line = Box(
                min(line.left, box.left),
                min(line.top, box.top),
                max(line.right, box.right),
                max(line.bottom, box.bottom),
            )
            continue
        if line is not None:
            yield line
        line = box
    if line is not None:
        yield line


def follows(line: Box, box: Box) -> bool:
    """Whether a box stands on the line, right behind it."""
    lower = min(line.bottom - line.top, box.bottom - box.top)
    shared = min(line.bottom, box.bottom) - max(line.top, box.top)
    widest = WIDEST_SPACE * max(line.bottom - line.top, box.bottom - box.top)
    return shared >= SHARED_HEIGHT * lower and line.left <= box.left <= line.right + widest


def read_words(file: Path, pages: Sequence[int]) -> dict[int, PageWords]:
    """The words of those pages from a file of boxes, a line a page; other lines are passed over unread.

    A page that is not there has no boxes; neither has a document whose file is missing.
    """
    wanted = {f'{{"page":{number},': number for number in pages}
    found: dict[int, PageWords] = {}
    if not wanted or not file.exists():
        return found
    with file.open(encoding="ascii") as lines:
        for line in lines:
            number = wanted.get(line[: line.find(",") + 1])
            if number is None:
                continue
            row = json.loads(line)
            found[number] = PageWords((row["size"][0], row["size"][1]), tuple(WordBox(*word) for word in row["words"]))
            if len(found) == len(wanted):
                break
    return found
