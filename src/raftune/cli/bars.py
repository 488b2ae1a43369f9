"""Charts of block characters, each in so many columns."""

from collections.abc import Sequence

from raftune.describing.coverage import cells_of
from raftune.report_records import CoveredStretch

EIGHTHS = "▏▎▍▌▋▊▉█"
HEIGHTS = "▁▂▃▄▅▆▇█"
STATES = {"used": "█", "lost": "▒", "untouched": "·", "outside": " "}


def bar(value: float, most: float, columns: int) -> str:
    """A bar whose length is the value's share of `most`; what is above 0 is never empty."""
    eighths = max(round(8 * columns * value / most), 1) if value > 0 and most > 0 else 0
    whole, rest = divmod(eighths, 8)
    return EIGHTHS[-1] * whole + (EIGHTHS[rest - 1] if rest else "")


def columns_of(values: Sequence[int]) -> str:
    """A column a value, the highest full; a space for 0."""
    most = max(values, default=0)
    return "".join(HEIGHTS[max(-(-8 * value // most), 1) - 1] if value else " " for value in values)


def strip(stretches: Sequence[CoveredStretch], columns: int) -> str:
    """A document from beginning to end: each column shows what most of its characters are."""
    return "".join(STATES[state] for state in cells_of(stretches, columns))


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers in few words: 1-3, 7."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    return ", ".join("-".join(map(str, part)) for part in parts)
