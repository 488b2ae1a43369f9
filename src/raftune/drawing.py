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
    """Items to show without their oracle: exactly round((1 - share) x all), whole groups first.

    Groups are taken in random order while they fit; the last one taken may be only a part of its group.
    """
    total = sum(len(items) for items in groups.values())
    wanted = total - round(share * total)
    order = sorted(groups)
    generator.shuffle(order)
    taken: list[T] = []
    rest: list[str] = []
    for name in order:
        if len(taken) + len(groups[name]) <= wanted:
            taken.extend(groups[name])
        else:
            rest.append(name)
    if rest:
        taken.extend(groups[rest[0]][: wanted - len(taken)])
    return taken


def uniform_positions(count: int, places: int, generator: random.Random) -> list[int]:
    """`count` positions from 0 to places - 1 in random order, each as often as any other, or once more."""
    offset = generator.randrange(places)
    positions = [(offset + number) % places for number in range(count)]
    generator.shuffle(positions)
    return positions
