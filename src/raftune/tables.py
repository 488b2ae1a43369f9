"""Scores as tables: a value for each metric, system and example; their means and paired differences."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from raftune.classes import Labels, macro_f1, macro_f1_difference
from raftune.records import Label, Score
from raftune.report_records import Difference, MetricValue, PairedOutcome
from raftune.statistics import (
    Estimate,
    clustered_mean,
    detectable_difference,
    holm,
    mcnemar,
    paired_difference,
    rectified_mean,
)

MACRO_F1, CORRECTED = "choice_macro_f1", "_corrected"
LABELS = 100  # of a metric and system: fewer would make grades less certain, not more


@dataclass(frozen=True)
class Table:
    """Values by metric, system and example; a reply that is missing counts as the metric's worst value."""

    systems: tuple[str, ...]
    metrics: tuple[str, ...]
    values: dict[tuple[str, str], dict[str, float]]
    failed: dict[tuple[str, str], int]
    lower_is_better: frozenset[str]
    groups: dict[str, str]

    def of(self, metric: str, system: str) -> dict[str, float]:
        """The values of the examples that the metric applies to, in the order of the scores."""
        return self.values.get((metric, system), {})

    def is_binary(self, metric: str) -> bool:
        """Whether the metric is 0 or 1 for each reply."""
        return all(value in {0.0, 1.0} for system in self.systems for value in self.of(metric, system).values())

    def right(self, metric: str, value: float) -> bool:
        """Whether a value of a 0/1 metric is the good one."""
        return value == (0.0 if metric in self.lower_is_better else 1.0)


def tabulate(scores: Iterable[Score], lower_is_better: Callable[[Sequence[str]], Iterable[str]]) -> Table:
    """All scores by metric and system; `lower_is_better` says which of some metrics are.

    An example that one system has no score for failed in that system; one where the metric does not apply to its reply
    is not counted for it.
    """
    states: dict[tuple[str, str], dict[str, Score]] = defaultdict(dict)
    applies: dict[str, dict[str, None]] = defaultdict(dict)
    systems, groups = dict[str, None](), dict[str, str]()
    for score in scores:
        systems[score.system], groups[score.example] = None, score.group
        states[score.metric, score.system][score.example] = score
        covered = applies[score.metric]
        if score.state != "not_applicable":
            covered[score.example] = None
    lower = frozenset(lower_is_better(list(applies)))
    applies = {metric: covered for metric, covered in applies.items() if covered}
    values, failed = dict[tuple[str, str], dict[str, float]](), dict[tuple[str, str], int]()
    for metric, covered in applies.items():
        worst = 1.0 if metric in lower else 0.0
        for system in systems:
            found = {example: states[metric, system].get(example) for example in covered}
            counted = {key: score for key, score in found.items() if score is None or score.state != "not_applicable"}
            known = {example: score.value if score else None for example, score in counted.items()}
            values[metric, system] = {example: worst if value is None else value for example, value in known.items()}
            failed[metric, system] = sum(value is None for value in known.values())
    return Table(tuple(systems), tuple(applies), values, failed, lower, groups)


def mean_of(table: Table, metric: str, system: str, seed: int) -> MetricValue:
    """A metric's mean for a system."""
    values = table.of(metric, system)
    found = clustered_mean(list(values.values()), [table.groups[key] for key in values], seed)
    better = metric not in table.lower_is_better
    return shown_mean(metric, system, found, table.failed[metric, system], higher_is_better=better)


def difference_of(table: Table, metric: str, systems: tuple[str, str], seed: int) -> Difference:
    """The second of two systems minus the first over the questions where the metric applies to both replies."""
    base, tuned = table.of(metric, systems[0]), table.of(metric, systems[1])
    base = {key: value for key, value in base.items() if key in tuned}
    found = paired_difference(
        list(base.values()),
        [tuned[key] for key in base],
        [table.groups[key] for key in base],
        seed,
    )
    paired = paired_outcome(table, metric, base, tuned) if base and table.is_binary(metric) else None
    return shown_difference(metric, found, higher_is_better=metric not in table.lower_is_better, paired=paired)


def shown_difference(
    metric: str, found: Estimate, *, higher_is_better: bool = True, paired: PairedOutcome | None = None
) -> Difference:
    """An estimate of a difference as a report shows it."""
    return Difference(
        metric=metric,
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
        clusters=found.clusters,
        higher_is_better=higher_is_better,
        detectable=None if found.error is None else detectable_difference(found.error),
        p=found.p,
        paired=paired,
    )


def shown_mean(
    metric: str, system: str, found: Estimate, failed: int = 0, *, higher_is_better: bool = True
) -> MetricValue:
    """An estimate of a mean as a report shows it."""
    return MetricValue(
        metric=metric,
        system=system,
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
        failed=failed,
        higher_is_better=higher_is_better,
    )


def in_family(differences: Sequence[Difference]) -> list[Difference]:
    """The differences with p values that hold for all of them together."""
    tested = [one for one in differences if one.p is not None]
    adjusted = dict(zip([one.metric for one in tested], holm([one.p or 0.0 for one in tested]), strict=True))
    return [one.model_copy(update={"p_family": adjusted.get(one.metric)}) for one in differences]


def paired_outcome(table: Table, metric: str, base: dict[str, float], tuned: dict[str, float]) -> PairedOutcome:
    """Who was right where, for a 0/1 metric."""
    counts = Counter((table.right(metric, base[key]), table.right(metric, tuned[key])) for key in base)
    only_base, only_tuned = counts[True, False], counts[False, True]
    return PairedOutcome(
        both=counts[True, True],
        only_base=only_base,
        only_tuned=only_tuned,
        neither=counts[False, False],
        p=round(mcnemar(only_base, only_tuned), 6),
    )


def corrected_means(table: Table, labels: Iterable[Label], seed: int) -> list[MetricValue]:
    """Means of metrics corrected by people's labels, as METRIC_corrected, where they labelled 100 answers or more."""
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for label in labels:
        if label.example in table.of(label.metric, label.system):
            found[label.metric, label.system][label.example] = label.value
    means = []
    for (metric, system), own in found.items():
        if len(own) >= LABELS:
            one = rectified_mean(table.of(metric, system), own, table.groups, seed)
            means.append(shown_mean(f"{metric}{CORRECTED}", system, one))
    return means


def class_mean(labels: Labels, system: str, groups: Mapping[str, str], seed: int) -> MetricValue:
    """Macro-F1 of a system's choices."""
    return shown_mean(MACRO_F1, system, macro_f1(labels, groups, seed))


def class_difference(base: Labels, tuned: Labels, groups: Mapping[str, str], seed: int) -> Difference:
    """Macro-F1 of the choices of one system minus that of another."""
    return shown_difference(MACRO_F1, macro_f1_difference(base, tuned, groups, seed))
