"""Curves over the number of distractors, from systems that were shown k of them: points in a square of 100 by 100."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from raftune.contexts import FORM, RETRIEVED
from raftune.report_records import MetricValue, Report

PRESENT, ABSENT = ("token_f1_lenient", "quote_from_oracle"), ("abstention_recall",)


@dataclass(frozen=True)
class SweepPoint:
    """A mean at k distractors; `x` and `y` as percentages of the chart, y downwards."""

    k: int
    mean: MetricValue
    x: str
    y: str


@dataclass(frozen=True)
class SweepLine:
    """The points of a model; `corners` joins them for SVG."""

    model: str
    points: tuple[SweepPoint, ...]

    @property
    def corners(self) -> str:
        """x,y pairs without their percent signs."""
        return " ".join(f"{point.x},{point.y}".replace("%", "") for point in self.points)


@dataclass(frozen=True)
class Sweep:
    """One chart: a metric over k for each model, with the right document present or absent."""

    metric: str
    absent: bool
    counts: tuple[int, ...]
    lines: tuple[SweepLine, ...]


def sweeps_of(report: Report) -> list[Sweep]:
    """A chart for each metric with at least two numbers of distractors."""
    wanted = [(metric, False) for metric in PRESENT] + [(metric, True) for metric in ABSENT]
    found = (sweep(report, metric, absent=absent) for metric, absent in wanted)
    return [chart for chart in found if len(chart.counts) > 1]


def sweep(report: Report, metric: str, *, absent: bool) -> Sweep:
    """The chart of a metric; what has no value is left out."""
    means: dict[str, dict[int, MetricValue]] = {}
    for mean in report.metrics:
        model, _, context = mean.system.partition(":")
        form = FORM.fullmatch(context)
        if form and mean.metric == metric and form[2] == ("absent" if absent else None) and mean.value is not None:
            means.setdefault(model, {})[int(form[1])] = mean
    counts = sorted({k for by_count in means.values() for k in by_count})
    lines = [line(model, by_count, counts) for model, by_count in means.items()]
    return Sweep(metric, absent, tuple(counts), tuple(lines))


def line(model: str, means: dict[int, MetricValue], counts: Sequence[int]) -> SweepLine:
    """A model's line: numbers of distractors stand at equal distances, values span 0 to 1."""
    step = 100 / max(1, len(counts) - 1)
    places = [(k, means[k], counts.index(k) * step) for k in sorted(means)]
    points = (SweepPoint(k, mean, f"{x:.2f}%", f"{100 * (1 - (mean.value or 0.0)):.2f}%") for k, mean, x in places)
    return SweepLine(model, tuple(points))


def is_sweep(system: str) -> bool:
    """Whether a system belongs in these charts rather than beside the others."""
    return FORM.fullmatch(system.partition(":")[2]) is not None


def system_words(system: str, texts: dict[str, Any]) -> str:
    """What a system is called: the model, and what it is shown where that is not the example's documents."""
    model, _, context = system.partition(":")
    name = str(texts["systems"].get(model, model))
    if not context:
        return name
    words = texts["contexts"]
    if form := FORM.fullmatch(context):
        place = f", {words[form[2]]}" if form[2] else ""
        return f"{name}, {words['k'].format(k=form[1])}{place}"
    if found := RETRIEVED.fullmatch(context):
        return f"{name}, {words['r'].format(k=found[1])}"
    return f"{name}, {words.get(context, context)}"
