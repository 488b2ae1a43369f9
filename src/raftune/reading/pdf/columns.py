"""Reading order: finds the gutters between columns of prose and reads one column after the other.

A gutter is a strip of white that nearly no segment crosses, with lines of prose on both sides of it. What does cross
it, such as a title over two columns, ends the columns above it and begins new ones below.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Protocol, TypeVar

NUMBER = re.compile(r"\W*\d[\d\W]*[^\W\d]{0,3}\W*|n/?a\.?|[-–—.…]+", re.IGNORECASE)
FEWEST_LINES = 4
PROSE_LETTERS = 14  # half of the lines of a column are at least so long
GUTTER = 0.6  # of the font size


class Item(Protocol):
    """What has a place and a text: a segment, or a table as a whole."""

    @property
    def left(self) -> float:
        """The left edge."""

    @property
    def right(self) -> float:
        """The right edge."""

    @property
    def top(self) -> float:
        """The upper edge."""

    @property
    def bottom(self) -> float:
        """The lower edge."""

    @property
    def baseline(self) -> float:
        """Where it stands among lines."""

    @property
    def size(self) -> float:
        """Its font size."""

    @property
    def text(self) -> str:
        """Its words with spaces."""


T = TypeVar("T", bound=Item)


@dataclass(frozen=True)
class Gutter:
    """A white strip between `left` and `right`, with its worth: the more lines of prose beside it, the better."""

    left: float
    right: float
    worth: float


def reading_order(items: Sequence[T]) -> list[list[T]]:
    """The items in blocks, each from top to bottom, in the order in which a person reads them."""
    gutter = best_gutter(items)
    if gutter is None:
        return [sorted(items, key=lambda item: (item.baseline, item.left))] if items else []
    blocks: list[list[T]] = []
    for band in bands(items, gutter):
        if any(crosses(item, gutter) for item in band):
            blocks += reading_order(band)
            continue
        left = [item for item in band if item.right <= gutter.right]
        right = [item for item in band if item.right > gutter.right]
        blocks += reading_order(left) + reading_order(right)
    return blocks


def crosses(item: Item, gutter: Gutter) -> bool:
    """Whether an item stands on both sides of a gutter."""
    middle = (gutter.left + gutter.right) / 2
    return item.left < middle < item.right


def bands(items: Sequence[T], gutter: Gutter) -> list[list[T]]:
    """The items from top to bottom, in runs that cross the gutter and runs that do not."""
    runs: list[list[T]] = []
    crossing = False
    for item in sorted(items, key=lambda item: (item.baseline, item.left)):
        if not runs or crosses(item, gutter) != crossing:
            crossing = crosses(item, gutter)
            runs.append([])
        runs[-1].append(item)
    return runs


def best_gutter(items: Sequence[Item]) -> Gutter | None:
    """The gutter with the most prose beside it, or None."""
    if len(items) < 2 * FEWEST_LINES:
        return None
    narrowest = GUTTER * median(item.size for item in items)
    found = [
        gutter for left, right in white_strips(items, narrowest) if (gutter := judged(items, left, right)) is not None
    ]
    return max(found, key=lambda gutter: gutter.worth, default=None)


def white_strips(items: Sequence[Item], narrowest: float) -> list[tuple[float, float]]:
    """Strips that fewer items cross than stand to either side of them: where coverage has a local minimum."""
    edges = sorted({item.left for item in items} | {item.right for item in items})
    starts = sorted(item.left for item in items)
    ends = sorted(item.right for item in items)
    strips: list[tuple[float, float, int]] = []
    begun = ended = 0
    few = len(items) / 4
    for left, right in pairwise(edges):
        while begun < len(starts) and starts[begun] <= left:
            begun += 1
        while ended < len(ends) and ends[ended] <= left:
            ended += 1
        if begun - ended <= few:
            if strips and strips[-1][1] == left and strips[-1][2] == begun - ended:
                strips[-1] = (strips[-1][0], right, begun - ended)
            else:
                strips.append((left, right, begun - ended))
    return [(left, right) for left, right, _ in strips if right - left >= narrowest]


def judged(items: Sequence[Item], left: float, right: float) -> Gutter | None:
    """The strip as a gutter, if there are columns of prose on both sides, side by side."""
    before = [item for item in items if item.right <= left]
    after = [item for item in items if item.left >= right]
    crossing = len(items) - len(before) - len(after)
    if len(before) < FEWEST_LINES or len(after) < FEWEST_LINES or not (is_prose(before) and is_prose(after)):
        return None
    beside = beside_each_other(before, after)
    if beside < FEWEST_LINES or crossing > beside:
        return None
    return Gutter(left, right, beside - 2 * crossing + min(right - left, 30) / 100)


def is_prose(items: Sequence[Item]) -> bool:
    """Whether half of the lines are long, and few of them are numbers."""
    lengths = sorted(weight(item.text) for item in items)
    numbers = sum(is_number(item.text) for item in items)
    return lengths[len(lengths) // 2] >= PROSE_LETTERS and numbers <= 0.25 * len(items)


def weight(text: str) -> int:
    """How long a text looks: a Hangul syllable or ideograph counts twice."""
    return sum(2 if character >= "\u1100" else 1 for character in text)


def is_number(text: str) -> bool:
    """Whether a text is a number as it stands in a table, also with signs or a unit of a few letters, or says n/a."""
    return NUMBER.fullmatch(text) is not None


def beside_each_other(before: Sequence[Item], after: Sequence[Item]) -> int:
    """How many lines have a line on the other side at their own height, counted on the side that has fewer."""

    def inside(one: Sequence[Item], other: Sequence[Item]) -> int:
        top, bottom = min(item.top for item in other), max(item.bottom for item in other)
        return sum(top <= (item.top + item.bottom) / 2 <= bottom for item in one)

    return min(inside(before, after), inside(after, before))
