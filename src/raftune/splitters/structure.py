"""Splits Markdown at headings, packs what stands between them up to a size, cuts what is longer between sentences.

Tables, code and lists without blank lines between their items stay whole where they fit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from raftune.contracts import Span, SplitOptions
from raftune.splitting.blocks import Outline
from raftune.splitting.ruler import Ruler


@dataclass(frozen=True)
class StructureSplitter:
    """Passages within the maximum that begin at a heading where the last one holds the minimum."""

    embeds: ClassVar[bool] = False
    options: SplitOptions

    async def split(self, text: str) -> Sequence[Span]:
        """Spans in order; every character outside them is white space."""
        ruler = Ruler(Outline(text), self.options)
        return list(ruler.spans(self.packed(ruler)))

    def packed(self, ruler: Ruler) -> Iterator[tuple[int, int]]:
        """As many pieces as fit together, a heading first where the passage before it is long enough."""
        current: tuple[int, int] | None = None
        for start, end, heading in pieces(ruler):
            if current is not None:
                full = heading and ruler.count(*current) >= self.options.minimum
                if not full and ruler.fits(current[0], end):
                    current = current[0], end
                    continue
                yield current
            current = start, end
        if current is not None:
            yield current


def pieces(ruler: Ruler) -> Iterator[tuple[int, int, bool]]:
    """Parts of the text within the maximum, as large as can be, and whether each begins with a heading."""
    for piece in ruler.outline.pieces:
        if ruler.fits(piece.start, piece.end):
            yield piece.start, piece.end, piece.level > 0
            continue
        if piece.level:
            for number, (start, end) in enumerate(ruler.cut(piece.start, piece.end)):
                yield start, end, number == 0
        for block in piece.blocks:
            whole = block.kind != "text" and not block.loose and ruler.fits(block.start, block.end)
            for start, end in [(block.start, block.end)] if whole else ruler.parts(block):
                yield start, end, False


plug = StructureSplitter
