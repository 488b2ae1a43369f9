"""The counting rules of a training set: exact shares, uniform positions, splits that stay. Pure functions of a seed."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

from raftune.digest import digest
from raftune.records import Split

T = TypeVar("T")


def split_of(group: str, seed: int, validation: float, test: float) -> Split:
    """The split of a group, decided by the group and the seed alone: it stays when documents are added.

    `validation` and `test` are expected shares of the groups, 0 to 1.
    """
    share = int(digest(["split", seed, group], 12), 16) / 16**12
    if share < test:
        return "test"
    return "validation" if share < test + validation else "train"


def without_oracle(groups: Mapping[str, Sequence[T]], share: float, generator: random.Random) -> list[T]:
    """Items to show without their oracle: exactly round((1 - share) x all), whole groups first."""
    total = sum(len(items) for items in groups.values())
    return taken(groups, total - round(share * total), generator)


def taken(groups: Mapping[str, Sequence[T]], wanted: int, generator: random.Random) -> list[T]:
    """Exactly `wanted` items, or all there are: whole groups in random order while they fit, and a part of one."""
    order = sorted(groups)
    generator.shuffle(order)
    chosen: list[T] = []
    rest: list[str] = []
    for name in order:
        if len(chosen) + len(groups[name]) <= wanted:
            chosen.extend(groups[name])
        else:
            rest.append(name)
    if rest:
        chosen.extend(groups[rest[0]][: wanted - len(chosen)])
    return chosen


def uniform_positions(count: int, places: int, generator: random.Random) -> list[int]:
    """`count` positions from 0 to places - 1 in random order, each as often as any other, or once more."""
    offset = generator.randrange(places)
    positions = [(offset + number) % places for number in range(count)]
    generator.shuffle(positions)
    return positions


def exact_counts(total: int, shares: Sequence[float]) -> list[int]:
    """`total` divided by shares that sum to 1: whole numbers that sum to `total`, each within 1 of its share."""
    counts = [int(share * total) for share in shares]
    owed = sorted(range(len(shares)), key=lambda place: (counts[place] - shares[place] * total, place))
    for place in owed[: total - sum(counts)]:
        counts[place] += 1
    return counts


def dealt(sizes: Sequence[int], shares: Sequence[float], generator: random.Random) -> list[list[int]]:
    """For each size how many of each kind: over all sizes exact by `exact_counts`, for each size as even as can be."""
    counts = exact_counts(sum(sizes), shares)
    kinds = sorted(
        (kind for kind, count in enumerate(counts) for _ in range(count)),
        key=Evenly(counts).next,
    )
    order = list(range(len(sizes)))
    generator.shuffle(order)
    parts, start = [[0] * len(shares) for _ in sizes], 0
    for place in order:
        for kind in kinds[start : start + sizes[place]]:
            parts[place][kind] += 1
        start += sizes[place]
    return parts


class Evenly:
    """Spreads the items of each kind evenly over one sequence."""

    def __init__(self, counts: Sequence[int]) -> None:
        self._counts, self._given = counts, [0] * len(counts)

    def next(self, kind: int) -> tuple[float, int]:
        """The place of the next item of a kind, from 0 to 1; ties by kind."""
        self._given[kind] += 1
        return (self._given[kind] - 0.5) / self._counts[kind], kind
