"""What a replication found, as one JSON object: tables with intervals, and paired tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from raftune.digest import Json
from raftune.replication.scoring import Marks
from raftune.report_records import Difference, MetricValue
from raftune.statistics import holm
from raftune.tables import MACRO_F1, class_difference, class_mean, difference_of, mean_of, tabulate

ORDER = ("base", "dsf", "tuned")
PAIRS = (("base", "dsf"), ("dsf", "tuned"), ("base", "tuned"))
"""What the paper claims: base + RAG < DSF + RAG < RAFT."""
SURE = 0.05


@dataclass(frozen=True)
class Compared:
    """One metric of two systems; `p` holds for this test alone, `p_holm` for all of the table together."""

    metric: str
    systems: tuple[str, str]
    difference: Difference
    p_holm: float | None = None


@dataclass(frozen=True)
class TableFound:
    """Means of systems by metric, and the paired differences between some of them."""

    means: Mapping[tuple[str, str], MetricValue]
    compared: Sequence[Compared] = field(default_factory=tuple)


def table_found(
    marks: Marks, systems: Sequence[str], metrics: Sequence[str], pairs: Sequence[tuple[str, str]], seed: int
) -> TableFound:
    """The table of some systems; a metric that applies to nothing is left out."""
    table = tabulate([score for score in marks.scores if score.system in systems], lambda _: ())
    means: dict[tuple[str, str], MetricValue] = {}
    found: list[Compared] = []
    for metric in metrics:
        for system in systems:
            if metric == MACRO_F1 and system in marks.labels:
                means[metric, system] = class_mean(marks.labels[system], system, table.groups, seed)
            elif table.of(metric, system):
                means[metric, system] = mean_of(table, metric, system, seed)
        for pair in pairs:
            if all((metric, system) in means for system in pair):
                labels = [marks.labels.get(system, {}) for system in pair]
                made = (
                    class_difference(labels[0], labels[1], table.groups, seed)
                    if metric == MACRO_F1
                    else difference_of(table, metric, pair, seed)
                )
                found.append(Compared(metric, pair, made))
    tested = [one for one in found if one.difference.p is not None]
    adjusted = holm([one.difference.p or 0.0 for one in tested])
    shown = [Compared(one.metric, one.systems, one.difference, p) for one, p in zip(tested, adjusted, strict=True)]
    return TableFound(means, shown)


def order_of(table: TableFound, metric: str) -> str:
    """Whether base + RAG < DSF + RAG < RAFT: "shown" beyond chance in both steps, "as means" only, or "no"."""
    means = [table.means.get((metric, system)) for system in ORDER]
    values = [mean.value for mean in means if mean is not None and mean.value is not None]
    if len(values) < len(ORDER) or not values[0] < values[1] < values[2]:
        return "no"
    steps = [one for one in table.compared if one.metric == metric and one.systems in PAIRS[:2]]
    return (
        "shown" if all((one.p_holm or 1.0) < SURE and (one.difference.value or 0) > 0 for one in steps) else "as means"
    )


def mean_facts(mean: MetricValue) -> dict[str, Json]:
    """A mean as JSON."""
    return {"value": mean.value, "low": mean.low, "high": mean.high, "n": mean.n, "failed": mean.failed}


def compared_facts(one: Compared) -> dict[str, Json]:
    """A paired difference, second system minus first, as JSON."""
    found = one.difference
    paired = found.paired and {"only_first": found.paired.only_base, "only_second": found.paired.only_tuned}
    return {
        "metric": one.metric,
        "systems": list(one.systems),
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "p": found.p,
        "p_holm": one.p_holm,
        "mcnemar": paired and {**paired, "p": found.paired and found.paired.p},
    }


def table_facts(table: TableFound) -> dict[str, Json]:
    """{"systems": {system: {metric: mean}}, "differences": [...], "order": {metric: ...}}."""
    systems: dict[str, dict[str, Json]] = {}
    for (metric, system), mean in table.means.items():
        systems.setdefault(system, {})[metric] = mean_facts(mean)
    metrics = list(dict.fromkeys(metric for metric, _ in table.means))
    return {
        "systems": systems,
        "differences": [compared_facts(one) for one in table.compared],
        "order": {metric: order_of(table, metric) for metric in metrics},
    }
