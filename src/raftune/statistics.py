"""Means and paired differences with 95 % intervals that respect groups, McNemar's test, and what could be seen.

Rows of one group (questions about one chunk) are not independent, so the bootstrap draws whole groups
(Miller, "Adding error bars to evals", arXiv 2411.00640, section 2.2).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

DRAWS, BLOCK = 10_000, 1_000
LEAST_P = 2 / (DRAWS + 1)
LEVEL, POWER = 0.95, 0.80
NORMAL = NormalDist()

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A mean, its 95 % interval and standard error; no interval and error where there are fewer than two groups.

    `p` is that of a true mean of 0, two-sided: below 0.05 where the interval leaves 0 out, larger for very few groups.
    """

    value: float | None
    low: float | None
    high: float | None
    error: float | None
    n: int
    clusters: int
    p: float | None = None


def clustered_mean(values: Sequence[float], groups: Sequence[str], seed: int) -> Estimate:
    """The mean of values from 0 to 1 with an interval from 10,000 draws of whole groups."""
    return estimate(np.asarray(values, dtype=np.float64), groups, seed, (0.0, 1.0))


def paired_difference(base: Sequence[float], tuned: Sequence[float], groups: Sequence[str], seed: int) -> Estimate:
    """The mean of tuned - base over the same questions, values from 0 to 1, with an interval from whole groups."""
    differences = np.asarray(tuned, dtype=np.float64) - np.asarray(base, dtype=np.float64)
    return estimate(differences, groups, seed, (-1.0, 1.0))


def rectified_mean(
    judged: Mapping[str, float], labels: Mapping[str, float], groups: Mapping[str, str], seed: int
) -> Estimate:
    """The mean grade of a judge, corrected by how people's labels of some of the answers differ from its grades.

    `judged` has the grade of each answer, `labels` those that people gave to a random part of them. Mean of all grades
    plus the mean of label - grade: prediction-powered inference (arXiv 2301.09633, section 2.1), by draws of groups.
    """
    names = sorted({groups[one] for one in judged})
    place = {name: number for number, name in enumerate(names)}
    both = [one for one in labels if one in judged]
    sums = np.zeros((len(names), 4))  # of grades, how many, of differences, how many
    for one, value in judged.items():
        sums[place[groups[one]], :2] += (value, 1)
    for one in both:
        sums[place[groups[one]], 2:] += (labels[one] - judged[one], 1)
    if len(names) < 2 or not both:
        return Estimate(None, None, None, None, len(both), len(names))

    def value_of(totals: Numbers) -> Numbers:
        grades, count, differences, labelled = np.moveaxis(totals, -1, 0)
        return np.asarray(np.clip(grades / count + differences / np.maximum(labelled, 1), 0, 1))

    generator = np.random.default_rng(seed)
    draws = np.concatenate(
        [
            value_of(sums[generator.integers(0, len(names), size=(BLOCK, len(names)))].sum(axis=1))
            for _ in range(0, DRAWS, BLOCK)
        ]
    )
    low, high = (rounded(float(end)) for end in np.quantile(draws, expanded_tails(len(names))))
    error = rounded(float(draws.std(ddof=1)) * math.sqrt(len(names) / (len(names) - 1)))
    return Estimate(rounded(float(value_of(sums.sum(axis=0)))), low, high, error, len(both), len(names))


def estimate(values: Numbers, groups: Sequence[str], seed: int, bounds: tuple[float, float]) -> Estimate:
    """Mean and interval; draws that do not vary give the interval of `unseen_share`, never one of no width."""
    count = len(values)
    clusters = len(set(groups))
    if count == 0:
        return Estimate(None, None, None, None, 0, 0)
    mean = float(values.mean())
    if clusters < 2:
        return Estimate(rounded(mean), None, None, None, count, clusters)
    draws = bootstrap_means(values, groups, seed)
    error = float(draws.std(ddof=1)) * math.sqrt(clusters / (clusters - 1))
    low, high = (float(number) for number in np.quantile(draws, expanded_tails(clusters)))
    p = expanded_p(draws, clusters)
    if np.ptp(values) == 0:
        p = min(1.0, max(LEAST_P, 2 * math.pow(1 - abs(mean), clusters)))
        reach = unseen_share(clusters)
        low, high, error = max(mean - reach, bounds[0]), min(mean + reach, bounds[1]), reach / NORMAL.inv_cdf(0.975)
    return Estimate(rounded(mean), rounded(low), rounded(high), rounded(error), count, clusters, rounded(p))


def bootstrap_means(values: Numbers, groups: Sequence[str], seed: int) -> Numbers:
    """The means of 10,000 samples of as many groups as there are, drawn with replacement."""
    _, member_of = np.unique(np.asarray(groups), return_inverse=True)
    sums, counts = np.bincount(member_of, weights=values), np.bincount(member_of).astype(np.float64)
    generator = np.random.default_rng(seed)
    means = []
    for _ in range(0, DRAWS, BLOCK):
        drawn = generator.integers(0, len(sums), size=(BLOCK, len(sums)))
        means.append(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1))
    return np.concatenate(means)


def expanded_tails(clusters: int) -> tuple[float, float]:
    """The two quantiles of the draws that hold 95 %, moved outwards for few groups.

    Plain percentiles are too narrow by sqrt((g - 1) / g) and by normal instead of t tails: Hesterberg, "What
    teachers should know about the bootstrap" (arXiv 1411.5279), section 4.3, the expanded percentile interval.
    """
    tail = NORMAL.cdf(-math.sqrt(clusters / (clusters - 1)) * t_quantile((1 + LEVEL) / 2, clusters - 1))
    return tail, 1 - tail


def expanded_p(draws: Numbers, clusters: int) -> float:
    """The two-sided p of a true mean of 0: the level at which the interval of `expanded_tails` would end at 0."""
    below = (np.count_nonzero(draws < 0) + np.count_nonzero(draws == 0) / 2 + 0.5) / (len(draws) + 1)
    z = NORMAL.inv_cdf(min(below, 1 - below))
    return max(LEAST_P, t_two_sided(z * math.sqrt((clusters - 1) / clusters), clusters - 1))


def t_two_sided(t: float, freedom: int) -> float:
    """P(|T| > |t|) by the finite sums for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan(abs(t) / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = 0.0 if freedom == 1 else term
    for power in range(2 + odd, freedom - 1, 2):
        term *= cosine * cosine * (power - 1) / power
        total += term
    inside = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return max(0.0, 1 - inside)


def holm(values: Sequence[float]) -> list[float]:
    """Adjusted p values, in the order given: below 0.05 for what holds with all tests of the family taken together.

    Holm, "A simple sequentially rejective multiple test procedure" (1979): the r-th smallest of m times m - r + 1.
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    adjusted, largest = [0.0] * len(values), 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(values) - rank) * values[place]))
        adjusted[place] = rounded(largest)
    return adjusted


def t_quantile(probability: float, freedom: int) -> float:
    """Student's t by its expansion around the normal (Abramowitz and Stegun 26.7.5), exact for 1 and 2 degrees."""
    if freedom == 1:
        return math.tan(math.pi * (probability - 0.5))
    if freedom == 2:
        return (2 * probability - 1) * math.sqrt(2 / (4 * probability * (1 - probability)))
    z = NORMAL.inv_cdf(probability)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / math.pow(freedom, power) for power, term in enumerate(terms))


def unseen_share(clusters: int) -> float:
    """The largest share of groups that may differ although none of them was seen to: 1 - 0.025 ** (1 / g).

    The exact one-sided 97.5 % limit of Clopper and Pearson (1934) for none out of g.
    """
    return 1 - math.pow((1 - LEVEL) / 2, 1 / clusters)


def mcnemar(only_base: int, only_tuned: int) -> float:
    """The exact two-sided p of McNemar's test: how odd the split of the differing questions is if both are as good."""
    differing, fewer = only_base + only_tuned, min(only_base, only_tuned)
    tail = sum(math.comb(differing, count) for count in range(fewer + 1))
    return min(1.0, 2 * tail / (1 << differing))


def detectable_difference(error: float) -> float:
    """The true difference shown in 80 % of runs at the 5 % level, 2.8 standard errors (arXiv 2411.00640, part 5)."""
    return rounded((NORMAL.inv_cdf((1 + LEVEL) / 2) + NORMAL.inv_cdf(POWER)) * error)


def rounded(number: float) -> float:
    """Six decimals: the last bits differ between machines, reports must not. Never minus zero."""
    return round(number, 6) + 0.0
