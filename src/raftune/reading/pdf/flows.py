"""Prose beside a figure or a box: lines that follow each other in the file stay together.

On one height stand a line of prose and a label of the figure beside it. Where the file tells that lines belong
together, the runs of lines are ordered as wholes: what is above comes before what is below it, what is left before what
is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from raftune.reading.pdf.columns import weight
from raftune.reading.pdf.paragraphs import lines_from
from raftune.reading.pdf.segments import Segment
from raftune.reading.pdf.tables import Table

FEWEST_LINES = 3
PROSE_LETTERS = 25
MOST_RUNS = 250
WIDEST_SPACE = 2.5  # of the font size, between words of one justified line


@dataclass(frozen=True)
class Run:
    """Segments that follow each other in the file, each below the one before; or one table."""

    items: tuple[Segment | Table, ...]

    @cached_property
    def left(self) -> float:
        """The left edge."""
        return min(item.left for item in self.items)

    @cached_property
    def right(self) -> float:
        """The right edge."""
        return max(item.right for item in self.items)

    @cached_property
    def top(self) -> float:
        """The upper edge."""
        return min(item.top for item in self.items)

    @cached_property
    def bottom(self) -> float:
        """The lower edge."""
        return max(item.bottom for item in self.items)

    @property
    def is_prose(self) -> bool:
        """Whether it is several long lines."""
        lines = lines_from([item for item in self.items if isinstance(item, Segment)])
        return len(lines) >= FEWEST_LINES and median(weight(line.text) for line in lines) >= PROSE_LETTERS


def beside_figures(block: Sequence[Segment | Table]) -> list[Segment | Table]:
    """The block in reading order also where prose stands beside something else; unchanged where none does."""
    runs = runs_of(block)
    if len(runs) > MOST_RUNS or not any(run.is_prose and has_neighbour(run, runs) for run in runs):
        return list(block)
    return [item for run in in_order(runs) for item in run.items]


def runs_of(block: Sequence[Segment | Table]) -> list[Run]:
    """Segments gathered by their order in the file."""
    runs = [Run((item,)) for item in block if isinstance(item, Table)]
    segments = [item for item in block if isinstance(item, Segment)]
    run: list[Segment] = []
    line: list[Segment] = []
    for segment in sorted(segments, key=lambda segment: segment.words[0].order):
        if line and goes_right(line[-1], segment):
            line.append(segment)
        elif line and follows(line, segment):
            run += line
            line = [segment]
        else:
            if line:
                runs.append(Run((*run, *line)))
            run, line = [], [segment]
    return [*runs, Run((*run, *line))] if line else runs


def goes_right(before: Segment, segment: Segment) -> bool:
    """Whether a segment is the next of its line in the file too: justified text has wide gaps."""
    gap = segment.left - before.right
    level = abs(segment.baseline - before.baseline) < 0.3 * segment.size
    return level and 0 < gap < WIDEST_SPACE * segment.size and segment.words[0].order == before.words[-1].order + 1


def follows(line: Sequence[Segment], below: Segment) -> bool:
    """Whether a segment goes on right below a line."""
    pitch = below.baseline - line[0].baseline
    level = min(line[-1].right, below.right) > max(line[0].left, below.left)
    return level and 0.5 * below.size < pitch < 2.6 * below.size and abs(line[0].size - below.size) < 0.1 * below.size


def has_neighbour(run: Run, runs: Sequence[Run]) -> bool:
    """Whether something stands beside a run, at the height of its lines."""
    return any(
        other is not run
        and (other.left >= run.right or other.right <= run.left)
        and run.top < (other.top + other.bottom) / 2 < run.bottom
        for other in runs
    )


def in_order(runs: Sequence[Run]) -> list[Run]:
    """Runs so that none comes before what it has to follow (Breuel 2003, High performance document layout analysis)."""
    waiting = sorted(runs, key=lambda run: (run.top, run.left))
    result: list[Run] = []
    while waiting:
        chosen = next((run for run in waiting if not any(precedes(other, run) for other in waiting)), waiting[0])
        waiting.remove(chosen)
        result.append(chosen)
    return result


def precedes(one: Run, other: Run) -> bool:
    """Whether one run is to be read before another: above it in the same column, or to its left at the same height."""
    if one is other:
        return False
    if min(one.right, other.right) - max(one.left, other.left) > 1:
        return (one.top, one.left) < (other.top, other.left)
    return one.right <= other.left + 1 and min(one.bottom, other.bottom) > max(one.top, other.top)
