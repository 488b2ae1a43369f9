"""What a model's report found, for its card: the verdict, and each metric with its 95 % interval."""

from raftune.digest import Json
from raftune.report_records import Difference, MetricValue, Report
from raftune.verdict import points

HEAD = "| metric | base | tuned | tuned - base (95 % interval) | n |\n| --- | ---: | ---: | ---: | ---: |\n"
RESULTS = """
## Results

{verdict}

{table}
In points of 100, on {questions} test questions in {groups} groups; intervals by a bootstrap over groups.{lower}
"""


def results_text(report: Report) -> str:
    """The section of a card: a row for each metric that both systems have."""
    means = {(mean.metric, mean.system): mean for mean in report.metrics}
    rows = [
        row(one, means[one.metric, report.base], means[one.metric, report.tuned]) for one in report.differences if one.n
    ]
    lower = " ↓: lower is better." if any(not one.higher_is_better for one in report.differences if one.n) else ""
    table = HEAD + "".join(rows)
    return RESULTS.format(
        verdict=report.verdict, table=table, questions=report.questions, groups=report.groups, lower=lower
    )


def row(difference: Difference, base: MetricValue, tuned: MetricValue) -> str:
    """One metric."""
    mark = "" if difference.higher_is_better else " ↓"
    interval = f"{points(difference.low, signed=True)} to {points(difference.high, signed=True)}"
    change = f"{points(difference.value, signed=True)} ({interval})"
    return f"| {difference.metric}{mark} | {points(base.value)} | {points(tuned.value)} | {change} | {difference.n} |\n"


def model_index(report: Report, name: str) -> Json:
    """The same for the Hugging Face hub's `model-index`: means of the tuned model, from 0 to 1."""
    metrics: list[Json] = [
        {"type": mean.metric, "value": mean.value, "confidence_interval": [mean.low, mean.high]}
        for mean in report.metrics
        if mean.system == report.tuned and mean.value is not None
    ]
    dataset: Json = {"name": f"{name} test questions", "type": "private", "split": "test"}
    return [
        {"name": name, "results": [{"task": {"type": "question-answering"}, "dataset": dataset, "metrics": metrics}]}
    ]
