"""Shares the document sets of one optimizer step out to processes, so that they finish at about the same time."""

import math
from collections.abc import Sequence
from typing import Any

from raftune.training.rows import tokens_and_pairs
from raftune.training.schedule import Group

PAIR = 1 / 4096


def shared_out(
    groups: Sequence[Group], processes: int, *, pair: float = PAIR, share: bool = True
) -> list[tuple[Group, ...]]:
    """A share of the groups for each of `processes` processes, some maybe empty: every row is in exactly one.

    The same arguments give the same shares, so that each process finds all of them by itself. The costliest group goes
    first, always to who has least (Graham's LPT rule). Groups that cost more than an even share are divided by rows,
    which all read the documents again, where that lowers the cost of the largest share. `pair` is what a pair of tokens
    costs in attention, measured in tokens (`pair_cost`); `share`: documents are read once for each group.
    """
    fair = sum(cost(group, pair=pair, share=share) for group in groups) / processes
    best: list[list[Group]] = [[] for _ in range(processes)]
    least = math.inf
    for most in range(1, processes + 1):
        pieces = [piece for group in groups for piece in divided(group, most, fair, pair=pair, share=share)]
        shares = longest_first(pieces, [cost(piece, pair=pair, share=share) for piece in pieces], processes)
        largest = max(sum(cost(piece, pair=pair, share=share) for piece in some) for some in shares)
        if largest < least:
            best, least = shares, largest
    return [tuple(some) for some in best]


def cost(group: Group, *, pair: float = PAIR, share: bool = True) -> float:
    """What a group costs, in tokens read: its documents once, its suffixes, and the pairs of tokens that attention
    compares (`pair` tokens each).
    """
    tokens, pairs = tokens_and_pairs(group, share=share)
    return tokens + pair * pairs


def pair_cost(model: Any) -> float:
    """What a pair of tokens costs in attention against one token through the weights of a transformers model: 12
    operations a layer and unit of width, against 4 a weight.
    """
    config = model.config.get_text_config()
    kept_out = {id(layer.weight) for layer in (model.get_input_embeddings(), model.get_output_embeddings())}
    weights: int = sum(parameter.numel() for parameter in model.parameters() if id(parameter) not in kept_out)
    return 12 * int(config.hidden_size) * int(config.num_hidden_layers) / (4 * weights)


def divided(group: Group, most: int, fair: float, *, pair: float, share: bool) -> list[Group]:
    """The group in as many pieces as its cost holds `fair`, rounded up, at most `most`, none without rows."""
    wanted = math.ceil(cost(group, pair=pair, share=share) / fair)
    pieces = min(most, wanted, len(group))
    return [group[first::pieces] for first in range(pieces)]


def longest_first(groups: Sequence[Group], costs: Sequence[float], processes: int) -> list[list[Group]]:
    """Groups by process: the costliest first, each to the process with the least so far; a share keeps their order."""
    loads = [0.0] * processes
    places: list[list[int]] = [[] for _ in range(processes)]
    for number in sorted(range(len(groups)), key=lambda number: -costs[number]):
        process = min(range(processes), key=lambda process: loads[process])
        loads[process] += costs[number]
        places[process].append(number)
    return [[groups[number] for number in sorted(some)] for some in places]
