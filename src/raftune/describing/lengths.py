"""Lengths of texts: quantiles, and bars of round widths."""

import math
from collections.abc import Iterable, Sequence

from raftune.report_records import LengthSpread

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


def spread_of(sort: str, lengths: Iterable[int], most_bars: int) -> LengthSpread:
    """The spread of lengths in characters, with `most_bars` bars at most; all zero where there are none."""
    found = sorted(lengths)
    width = width_of(found[-1] if found else 0, most_bars)
    bars = [0] * ((found[-1] // width + 1) if found else 0)
    for length in found:
        bars[length // width] += 1
    at = [quantile(found, share) for share in SHARES]
    return LengthSpread(
        sort=sort,
        count=len(found),
        quantiles=(at[0], at[1], at[2], at[3], at[4], at[5], at[6]),
        width=width,
        bars=tuple(bars),
    )


def quantile(ordered: Sequence[int], share: float) -> int:
    """The least value that `share` of the values do not exceed (nearest rank); 0 where there are none."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0


def width_of(longest: int, most_bars: int) -> int:
    """1, 2 or 5 times a power of ten, so that `most_bars` bars reach the longest."""
    width, step = 1, 0
    while longest // width >= most_bars:
        step += 1
        width = (1, 2, 5)[step % 3] * 10 ** (step // 3)
    return width
