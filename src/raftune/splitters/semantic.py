"""Splits where the subject changes: sentences and whole blocks are embedded, and neighbours that differ are parted.

The distance at a gap is that between the mean vectors of the few units before it and behind it: single sentences say
too little. Vectors are centred on their text's mean first, which takes out what all of the text shares.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from raftune.contracts import Embedder, Span, SplitOptions
from raftune.errors import ConfigError
from raftune.splitting.blocks import Outline, Piece
from raftune.splitting.ruler import Ruler

if TYPE_CHECKING:
    import numpy as np

    from raftune.contracts import Vectors

    Numbers = np.ndarray[tuple[int], np.dtype[np.float32]]
    Places = np.ndarray[tuple[int], np.dtype[np.int64]]
    Flags = np.ndarray[tuple[int], np.dtype[np.bool]]

WINDOW = 3  # units on each side of a gap
BATCH = 2048  # units that are embedded, and centred, together: it bounds the memory that a long text takes
HEADING = 10.0  # what a heading adds to the distance before it: cosine distances end at 2
INSIDE = -10.0  # what is added where a table, list or code had to be cut


@dataclass(frozen=True)
class Unit:
    """Characters [start, end) that stay together; `extra` is added to the distance from the unit before."""

    start: int
    end: int
    extra: float = 0.0


@dataclass(frozen=True)
class SemanticSplitter:
    """Passages of one subject, within the maximum, and not under the minimum where they can be joined."""

    embeds: ClassVar[bool] = True
    options: SplitOptions

    async def split(self, text: str) -> Sequence[Span]:
        """Spans in order; every character outside them is white space. Raises ProviderError."""
        if self.options.embedder is None:
            raise ConfigError("The semantic splitter needs an embedder.", "Name one as embedder.provider.")
        ruler = Ruler(Outline(text), self.options, lines=True)
        units = list(units_of(ruler))
        if not units:
            return []
        distances = await gap_distances(self.options.embedder, [text[unit.start : unit.end] for unit in units])
        groups = Groups(ruler, units, distances, self.options)
        return list(ruler.spans((units[first].start, units[last - 1].end) for first, last in groups.passages()))


def units_of(ruler: Ruler) -> Iterator[Unit]:
    """The units of a text; headings are one unit with what follows them, where that fits."""
    waiting: Unit | None = None
    for unit in single_units(ruler):
        if waiting is None:
            joined = unit
        elif ruler.fits(waiting.start, unit.end):
            joined = Unit(waiting.start, unit.end, waiting.extra)
        else:
            yield waiting
            joined = unit
        waiting = joined if unit.extra >= HEADING else None
        if waiting is None:
            yield joined
    if waiting is not None:
        yield waiting


def single_units(ruler: Ruler) -> Iterator[Unit]:
    """Headings, sentences, and blocks that stay whole, all within the maximum."""
    for piece in ruler.outline.pieces:
        if piece.level:
            # The higher a heading, the further apart are the passages on both sides.
            for number, (start, end) in enumerate(ruler.cut(piece.start, piece.end)):
                yield Unit(start, end, INSIDE if number else HEADING + 7 - piece.level)
        else:
            yield from body_units(ruler, piece)


def body_units(ruler: Ruler, piece: Piece) -> Iterator[Unit]:
    """The units of what stands between two headings."""
    for block in piece.blocks:
        if block.kind != "text" and ruler.fits(block.start, block.end):
            yield Unit(block.start, block.end)
            continue
        inside = 0.0 if block.kind == "text" else INSIDE
        for number, (start, end) in enumerate(ruler.parts(block)):
            yield Unit(start, end, inside if number else 0.0)


async def gap_distances(embedder: Embedder, texts: Sequence[str]) -> "Numbers":
    """The distance of each text from the one before it, 0 to 2; the first is 0."""
    import numpy as np

    parts, done = [np.zeros(1, dtype=np.float32)], 1
    rows = np.zeros((0, 0), dtype=np.float32)
    for start in range(0, len(texts), BATCH):
        new = await embedder.embed(texts[start : start + BATCH])
        kept = rows[-2 * WINDOW :] if start else rows.reshape(0, new.shape[1])
        rows = np.concatenate([kept, new])
        end = start + len(new)
        # The last gaps of a batch wait for the units behind them.
        limit = end if end == len(texts) else end - WINDOW + 1
        before = start - len(kept)
        parts.append(window_distances(rows, np.arange(done - before, limit - before)))
        done = limit
    return np.concatenate(parts)[: len(texts)]


def window_distances(rows: "Vectors", gaps: "Places") -> "Numbers":
    """One minus the cosine of the sums of the rows before and behind each gap, after centring all rows."""
    import numpy as np

    none = np.zeros((WINDOW, rows.shape[1]), dtype=np.float32)
    padded = np.concatenate([none, rows - rows.mean(axis=0), none])
    count = len(rows) + WINDOW + 1
    # Row i is the sum of the window that ends before unit i, and row i + WINDOW of the one that begins with it.
    sums = padded[:count].copy()
    for offset in range(1, WINDOW):
        sums += padded[offset : count + offset]
    squares = np.einsum("ij,ij->i", sums, sums)
    products = np.einsum("ij,ij->i", sums[:-WINDOW], sums[WINDOW:])
    near: Numbers = products / np.maximum(np.sqrt(squares[:-WINDOW] * squares[WINDOW:]), 1e-12)
    return 1 - near[gaps]


class Groups:
    """Neighbouring units gathered to passages: parted at large distances, then repaired to fit the sizes."""

    def __init__(self, ruler: Ruler, units: Sequence[Unit], distances: "Numbers", options: SplitOptions) -> None:
        import numpy as np

        self.ruler = ruler
        self.units = units
        self.options = options
        extra = np.array([unit.extra for unit in units])
        self.threshold = threshold(distances[1:], extra[1:] == 0, options.percentile)
        self.distances = distances + extra
        starts = np.asarray(ruler.starts)
        self.begins = np.searchsorted(starts, [unit.start for unit in units])
        self.ends = np.searchsorted(starts, [unit.end for unit in units])

    def passages(self) -> Iterator[tuple[int, int]]:
        """The passages as [first, last) of the units."""
        import numpy as np

        breaks = np.flatnonzero(self.distances[1:] > self.threshold) + 1
        bounds = [0, *breaks.tolist(), len(self.units)]
        pieces = [piece for first, last in pairwise(bounds) for piece in self.cut(first, last)]
        return iter(self.joined(pieces))

    def fits(self, first: int, last: int) -> bool:
        """Whether the units [first, last) are within the maximum together."""
        return self.ruler.fits(self.units[first].start, self.units[last - 1].end)

    def cut(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """[first, last) in passages that fit: cut at the largest distance, both sides over the minimum if possible."""
        import numpy as np

        left = [(first, last)]
        while left:
            first, last = left.pop()
            if last - first == 1 or self.fits(first, last):
                yield first, last
                continue
            inner = np.arange(first + 1, last)
            long = self.ends[inner - 1] - self.begins[first] >= self.options.minimum
            long &= self.ends[last - 1] - self.begins[inner] >= self.options.minimum
            fair = inner[long] if long.any() else inner
            middle = int(fair[np.argmax(self.distances[fair])])
            left += [(middle, last), (first, middle)]

    def joined(self, passages: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The passages, those under the minimum joined with the nearer neighbour that they fit together with."""
        place = 0
        while place < len(passages):
            first, last = passages[place]
            choices = []
            if self.ends[last - 1] - self.begins[first] < self.options.minimum:
                if place and self.fits(passages[place - 1][0], last):
                    choices.append((float(self.distances[first]), place - 1))
                if place + 1 < len(passages) and self.fits(first, passages[place + 1][1]):
                    choices.append((float(self.distances[last]), place))
            if choices:
                place = min(choices)[1]
                passages[place : place + 2] = [(passages[place][0], passages[place + 1][1])]
            else:
                place += 1
        return passages


def threshold(distances: "Numbers", plain: "Flags", percent: float) -> float:
    """The percentile of the distances at gaps inside running text: above it the subject changes."""
    import numpy as np

    counted = distances[plain] if plain.any() else distances
    return float(np.percentile(counted, percent)) if len(counted) else 0.0


plug = SemanticSplitter
