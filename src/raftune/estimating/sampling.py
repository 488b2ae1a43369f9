"""A few rows in the place of many: what is counted on them is scaled up."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

MOST = 300


def evenly(rows: Sequence[T], most: int = MOST) -> list[T]:
    """At most so many of the rows, at even distances; all of them, where there are no more."""
    if len(rows) <= most:
        return list(rows)
    return [rows[number * len(rows) // most] for number in range(most)]
