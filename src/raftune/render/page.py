"""A report as one self-contained HTML page, and the same numbers as JSON. The page asks nobody for anything."""

import base64
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from raftune.digest import Json
from raftune.records import Language
from raftune.render.charts import Curve, curve_of
from raftune.render.dataset import dataset_view
from raftune.render.robustness import is_sweep, sweeps_of, system_words
from raftune.render.rows import row_view
from raftune.report_records import Difference, ErrorCount, MetricValue, Report, SliceValue
from raftune.tables import CORRECTED
from raftune.verdict import HEADLINE, finding, overall, points

FEWEST = 10


def summary(report: Report, seconds: Mapping[str, float]) -> dict[str, Json]:
    """The content of report.json: all numbers of the report, without the rows; shares from 0 to 1, seconds by stage."""
    return {"id": report.id, **report.model_dump(mode="json", exclude={"rows"}), "seconds": rounded_seconds(seconds)}


def html(report: Report, seconds: Mapping[str, float]) -> str:
    """The page. Every text of the report is escaped; the only style is the one whose digest the page's policy names."""
    css = resource("page.css").strip()
    texts = strings(report.language)
    return template().render(
        report=report,
        texts=texts,
        css=css,
        style_digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        outcome=overall([finding(difference_of(report, metric)) for metric in HEADLINE]),
        headline=[metric for metric in HEADLINE if difference_of(report, metric)],
        means={(mean.metric, mean.system): mean for mean in report.metrics},
        metrics=list(dict.fromkeys(mean.metric for mean in report.metrics if mean.n and not is_corrected(mean.metric))),
        differences={difference.metric: difference for difference in report.differences},
        failed=most_failed(report.metrics),
        anatomy=anatomy_table(report),
        shown_rows={row.example for row in report.rows},
        slices=slice_tables(report.slices),
        curve=curve_of(report.curve) if len(report.curve) > 1 else Curve.empty(),
        dataset=dataset_view(report.description) if report.description else None,
        rows=[row_view(row) for row in report.rows],
        seconds=rounded_seconds(seconds),
        longest=max(seconds.values(), default=0.0) or 1.0,
        finding=finding,
        fewest=FEWEST,
        systems=[system for system in report.systems if not is_sweep(system)],
        sweeps=sweeps_of(report),
        system_name=lambda system: system_words(system, texts),
        metric_name=lambda metric: metric_words(metric, texts),
        metric_means=lambda metric: texts["metrics"].get(metric, {}).get("means", ""),
    )


@cache
def strings(language: Language) -> dict[str, Any]:
    """The page's words in a language."""
    return tomllib.loads(resource(f"strings.{language}.toml"))


@cache
def template() -> Template:
    """The page's template; a name it asks for in vain is an error."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(resource),
    )
    environment.filters["points"] = points
    environment.filters["position"] = position
    return environment.get_template("page.html.jinja")


@cache
def resource(name: str) -> str:
    """A text file of this folder."""
    return (files(__package__) / name).read_text(encoding="utf-8")


def position(share: float, low: float = 0.0) -> str:
    """Where a share stands on an axis from `low` to 1, as a percentage of its width."""
    return f"{100 * (share - low) / (1 - low):.2f}%"


def difference_of(report: Report, metric: str) -> Difference | None:
    """The paired difference in a metric, if it was measured."""
    return next((found for found in report.differences if found.metric == metric and found.n), None)


def most_failed(metrics: Sequence[MetricValue]) -> int:
    """The most replies that a system lacks."""
    return max((mean.failed for mean in metrics), default=0)


def slice_tables(slices: Sequence[SliceValue]) -> dict[str, dict[str, dict[tuple[str, str], SliceValue]]]:
    """The slices by part, label, and (metric, system)."""
    tables: dict[str, dict[str, dict[tuple[str, str], SliceValue]]] = {}
    for cell in slices:
        tables.setdefault(cell.part, {}).setdefault(cell.label, {})[cell.metric, cell.system] = cell
    return tables


def is_corrected(metric: str) -> bool:
    """Whether a metric is another one, corrected by people's labels."""
    return metric.endswith(CORRECTED)


def metric_words(metric: str, texts: Mapping[str, Any]) -> str:
    """A metric's name for readers."""
    name = str(texts["metrics"].get(metric.removesuffix(CORRECTED), {}).get("name", metric))
    return f"{name} ({texts['corrected']})" if is_corrected(metric) else name


def anatomy_table(report: Report) -> dict[str, dict[str, ErrorCount]]:
    """The wrong replies by cause and system, the most frequent cause of the tuned system first."""
    table: dict[str, dict[str, ErrorCount]] = {}
    for one in report.errors:
        table.setdefault(one.cause, {})[one.system] = one

    def weight(cause: str) -> tuple[int, int]:
        counts = {system: one.count for system, one in table[cause].items()}
        return -counts.get(report.tuned, 0), -counts.get(report.base, 0)

    return {cause: table[cause] for cause in sorted(table, key=weight)}


def rounded_seconds(seconds: Mapping[str, float]) -> dict[str, float]:
    """Seconds by stage with one decimal: page and JSON show the same."""
    return {stage: round(taken, 1) for stage, taken in seconds.items()}
