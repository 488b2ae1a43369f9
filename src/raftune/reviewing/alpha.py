"""Krippendorff's alpha: how far reviewers agree beyond chance, for verdicts that have no order."""

from collections import Counter
from collections.abc import Iterable, Sequence


def alpha(units: Iterable[Sequence[str]]) -> float | None:
    """1 for full agreement, 0 for what chance would give; below 0 they disagree more than chance would.

    Each unit holds the verdicts of different reviewers about one answer; one with fewer than two says nothing. None
    where there is no such unit, or all verdicts of all units are the same: then nothing tells agreement from habit.
    """
    values: Counter[str] = Counter()
    apart = 0.0
    for unit in units:
        size = len(unit)
        if size > 1:
            counts = Counter(unit)
            values.update(counts)
            apart += sum(count * (size - count) for count in counts.values()) / (size - 1)
    total = values.total()
    by_chance = sum(count * (total - count) for count in values.values())
    return 1 - (total - 1) * apart / by_chance if by_chance else None
