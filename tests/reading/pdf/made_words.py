"""Words as they might stand on a page, and pages of small PDF files opened for a test."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import pypdfium2

from raftune.reading.pdf.segments import Segment, segments_of
from raftune.reading.pdf.words import Layer, Style, Word, read_layer
from tests.pdf_files import Leaf, pdf_bytes

BLACK_STYLE = Style(10.0, False, 0, False, (0, 0, 0))


def line(text: str, baseline: float = 100.0, left: float = 72.0, size: float = 10.0, **more: Any) -> list[Word]:
    """The words of a line: each letter half as wide as the font size, spaces a quarter."""
    words = []
    for part in text.split(" "):
        right = left + 0.5 * size * len(part)
        words.append(Word(part, left, baseline - 0.7 * size, right, baseline + 0.2 * size, baseline, size, **more))
        left = right + 0.25 * size
    return words


def lines(texts: Sequence[str], top: float = 100.0, left: float = 72.0, pitch: float = 12.0, **more: Any) -> list[Word]:
    """Lines below each other."""
    return [word for row, text in enumerate(texts) for word in line(text, top + pitch * row, left, **more)]


def grid(rows: Sequence[Sequence[str]], lefts: Sequence[float], top: float = 100.0, pitch: float = 14.0) -> list[Word]:
    """Rows of cells that begin at these places."""
    return [
        word
        for number, row in enumerate(rows)
        for left, text in zip(lefts, row, strict=True)
        if text
        for word in line(text, top + pitch * number, left)
    ]


def segments(texts: Sequence[str], **more: Any) -> list[Segment]:
    """Lines below each other as segments."""
    return segments_of(lines(texts, **more))


@contextmanager
def opened(page: Sequence[Any] | Leaf) -> Iterator[Any]:
    """The one page of a PDF."""
    with closing(pypdfium2.PdfDocument(pdf_bytes([page]))) as pdf, closing(pdf[0]) as only:
        yield only


def layer_of(page: Sequence[Any] | Leaf) -> Layer:
    """The text layer of a page."""
    with opened(page) as only:
        return read_layer(only)
