"""Which document sets each optimizer step takes, and its learning rate: functions of seed and step alone."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from raftune.digest import digest
from raftune.training.options import LoraOptions
from raftune.training.rows import Row, document_sets, rows_of_epochs

Group = tuple[Row, ...]


@dataclass(frozen=True)
class Step:
    """One optimizer step: its epoch (from 1), whether it ends it, and whole document sets."""

    epoch: int
    ends_epoch: bool
    groups: tuple[Group, ...]

    @property
    def weight(self) -> float:
        """What the step's learned tokens count in the loss, in all."""
        return sum(row.weight for group in self.groups for row in group)


def schedule(rows: Sequence[Row], options: LoraOptions, seed: int) -> list[Step]:
    """All steps of a run, in order; each epoch has an order of its own, and takes the draws of documents in turn."""
    steps: list[Step] = []
    for epoch, drawn in enumerate(rows_of_epochs(rows, options.epochs), 1):
        order = document_sets(drawn)
        random.Random(digest([seed, "epoch", epoch])).shuffle(order)  # noqa: S311 - sampling, not cryptography
        packs = packed(order, options.examples_per_step, options.sets_per_step)
        steps += [Step(epoch, pack is packs[-1], tuple(pack)) for pack in packs]
    return steps


def packed(groups: Sequence[Group], wanted: int, least: int = 1) -> list[list[Group]]:
    """Groups in packs of at least `least` groups (the last may have fewer), whose number of rows is as near to `wanted`
    as whole groups in this order allow.
    """
    packs: list[list[Group]] = [[]]
    held = 0
    for group in groups:
        if len(packs[-1]) >= least and abs(held + len(group) - wanted) > abs(held - wanted):
            packs.append([])
            held = 0
        packs[-1].append(group)
        held += len(group)
    return packs


def learning_rate(step: int, steps: int, options: LoraOptions) -> float:
    """The rate of step `step` (from 0): linear warm-up, then half a cosine that ends just above zero."""
    rising = math.ceil(options.warmup * steps)
    if step < rising:
        return options.learning_rate * (step + 1) / rising
    return options.learning_rate * 0.5 * (1 + math.cos(math.pi * (step - rising) / (steps - rising)))
