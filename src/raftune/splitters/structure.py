"""Splits Markdown at headings and paragraphs, packs paragraphs up to a size, cuts long ones between sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from raftune.contracts import Span
from raftune.sentences import is_heading, sentence_spans

BLOCK = re.compile(r"#{1,6} [^\n]*|(?:(?!#{1,6} |\n\s*\n)[^\n]*\n?)+")
WORD_END = re.compile(r"\s")


@dataclass(frozen=True)
class StructureSplitter:
    """Chunks of at most `maximum` characters that begin at a heading where the last one holds `minimum`."""

    maximum: int
    minimum: int

    def split(self, text: str) -> Sequence[Span]:
        """Spans in order, without overlap; every character outside them is white space."""
        headings: list[str] = []
        spans: list[Span] = []
        current: Span | None = None
        for start, end in self.pieces(text):
            piece = text[start:end]
            if is_heading(piece):
                headings = outline(headings, piece)
            if current is not None and self.fits(current, piece, end):
                current = Span(current.start, end, current.headings)
                continue
            if current is not None:
                spans.append(current)
            current = Span(start, end, tuple(title for title in headings if title))
        return [*spans, current] if current is not None else spans

    def fits(self, current: Span, piece: str, end: int) -> bool:
        """Whether a piece that ends at `end` may join the current span."""
        full = current.end - current.start >= self.minimum and is_heading(piece)
        return not full and end - current.start <= self.maximum

    def pieces(self, text: str) -> Iterator[tuple[int, int]]:
        """Blocks of the Markdown; blocks over the maximum in sentences, sentences over it in words."""
        for block in BLOCK.finditer(text):
            piece = block.group()
            if not (trimmed := piece.strip()):
                continue
            start = block.start() + piece.index(trimmed[0])
            if len(trimmed) <= self.maximum:
                yield start, start + len(trimmed)
                continue
            for first, last in sentence_spans(trimmed):
                yield from self.cut(text, start + first, start + last)

    def cut(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """[start, end) in pieces of at most the maximum, cut at white space where there is any."""
        while end - start > self.maximum:
            stop = start + self.maximum
            space = max((match.start() for match in WORD_END.finditer(text, start + 1, stop)), default=stop)
            yield start, space
            while space < end and text[space].isspace():
                space += 1
            start = space
        if start < end:
            yield start, end


def outline(headings: Sequence[str], heading: str) -> list[str]:
    """The headings above what follows `heading`: it replaces those of its own level and below."""
    marks, _, title = heading.partition(" ")
    above = list(headings[: len(marks) - 1])
    return above + [""] * (len(marks) - 1 - len(above)) + [title.strip()]


def plug(maximum: int, minimum: int) -> StructureSplitter:
    """A splitter for chunks of at most `maximum` characters."""
    return StructureSplitter(maximum, minimum)
