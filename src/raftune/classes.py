"""Macro-F1 of answers from a closed set, with intervals from draws of whole groups.

F1 of each class that is right for some question, averaged: guessing the most frequent one earns little.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from raftune.statistics import BLOCK, DRAWS, Estimate, Numbers, expanded_p, expanded_tails, rounded

Labels = Mapping[str, tuple[str, str]]
"""(right, given) by example; given is "" where a reply takes no class."""


def macro_f1(labels: Labels, groups: Mapping[str, str], seed: int) -> Estimate:
    """Macro-F1 of a system with a 95 % interval; `groups` has the group of each example."""
    return drawn([confusions(labels, list(labels), groups)], seed)


def macro_f1_difference(base: Labels, tuned: Labels, groups: Mapping[str, str], seed: int) -> Estimate:
    """Macro-F1 of tuned minus that of base over the examples that both have, drawn together."""
    both = [example for example in base if example in tuned]
    return drawn([confusions(labels, both, groups) for labels in (base, tuned)], seed)


def confusions(labels: Labels, examples: Sequence[str], groups: Mapping[str, str]) -> Numbers:
    """(groups, classes, classes + 1): how often each class is right and each, or none, is given."""
    classes = sorted({labels[example][0] for example in examples})
    places = {name: place for place, name in enumerate(classes)}
    rows = {name: place for place, name in enumerate(dict.fromkeys(groups[example] for example in examples))}
    counts = np.zeros((len(rows), len(classes), len(classes) + 1))
    for example in examples:
        right, given = labels[example]
        counts[rows[groups[example]], places[right], places.get(given, len(classes))] += 1
    return counts


def scores(counts: Numbers) -> Numbers:
    """(...): macro-F1 of confusions (..., classes, classes + 1)."""
    classes = counts.shape[-2]
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    total = counts.sum(-1) + counts[..., :classes].sum(-2)
    return np.asarray((2 * hits / np.maximum(total, 1)).mean(-1))


def drawn(systems: Sequence[Numbers], seed: int) -> Estimate:
    """The score of one system, or that of the second minus that of the first, with its interval."""
    clusters, count = len(systems[0]), int(systems[0].sum())
    if count == 0:
        return Estimate(None, None, None, None, 0, 0)

    def value(weights: Numbers) -> Numbers:
        found = [scores(np.tensordot(weights, one, 1)) for one in systems]
        return found[-1] - found[0] if len(found) == 2 else found[0]

    mean = float(value(np.ones(clusters)))
    if clusters < 2:
        return Estimate(rounded(mean), None, None, None, count, clusters)
    generator, chances = np.random.default_rng(seed), np.full(clusters, 1 / clusters)
    draws = np.concatenate(
        [value(generator.multinomial(clusters, chances, BLOCK).astype(np.float64)) for _ in range(0, DRAWS, BLOCK)]
    )
    low, high = (rounded(float(end)) for end in np.quantile(draws, expanded_tails(clusters)))
    error = float(draws.std(ddof=1)) * math.sqrt(clusters / (clusters - 1))
    return Estimate(rounded(mean), low, high, rounded(error), count, clusters, rounded(expanded_p(draws, clusters)))
