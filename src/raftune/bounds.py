"""Bounds that a model's metrics have to keep, held against report.json: for checks that run after every change."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from raftune.digest import Json
from raftune.errors import ConfigError

Side = Literal["least", "most", "better"]
WORDS = {"least": "at least", "most": "at most", "better": "better than the base"}


@dataclass(frozen=True)
class Bound:
    """A metric's value has to be at `least` or at `most` `value` (0 to 1), or `better` than the base's."""

    metric: str
    side: Side
    value: float = 0.0


class Held(NamedTuple):
    """A bound beside what was measured; `measured` is None where the report has no value."""

    bound: Bound
    kept: bool
    measured: float | None
    low: float | None
    high: float | None


def bound_of(text: str, side: Side) -> Bound:
    """The bound in a text such as "token_f1=0.4". Raises ConfigError for other texts."""
    metric, mark, value = text.partition("=")
    try:
        bound = Bound(metric.strip(), side, float(value))
    except ValueError as error:
        raise ConfigError(f"{text!r} is no bound.", "Write METRIC=VALUE, as in token_f1=0.4.") from error
    if not mark or not metric.strip() or not 0 <= bound.value <= 1:
        raise ConfigError(f"{text!r} is no bound.", "Values are shares from 0 to 1.")
    return bound


def read_report(path: Path) -> Json:
    """The object in a report.json. Raises ConfigError where it is not one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"There is no report in {path}.", "Run `raftune run`, or name a report.json.") from error
    if not isinstance(found, dict) or not {"metrics", "differences", "tuned"} <= found.keys():
        raise ConfigError(f"{path} is no report of raftune.", "Name a report.json.")
    return found


def held_against(report: Json, bounds: Sequence[Bound], *, sure: bool = False) -> list[Held]:
    """Each bound with what the report has of the tuned system; one without a value is not kept.

    `sure`: the whole 95 % interval has to keep it. Being better always asks for that: all of the paired difference's
    interval lies on the better side of 0.
    """
    return [held(report, bound, sure=sure) for bound in bounds]


def held(report: Json, bound: Bound, *, sure: bool) -> Held:
    """One bound."""
    if bound.side == "better":
        rows = [row for row in report["differences"] if row["metric"] == bound.metric]
    else:
        rows = [row for row in report["metrics"] if (row["metric"], row["system"]) == (bound.metric, report["tuned"])]
    value, low, high = (rows[0][name] for name in ("value", "low", "high")) if rows else (None, None, None)
    kept = value is not None and keeps(
        bound, value, low, high, sure=sure, higher=not rows or rows[0]["higher_is_better"]
    )
    return Held(bound, kept, value, low, high)


def keeps(bound: Bound, value: float, low: float | None, high: float | None, *, sure: bool, higher: bool) -> bool:
    """Whether a measured value keeps a bound; an interval that is wanted and not there does not."""
    if bound.side == "better":
        worst = low if higher else None if high is None else -high
        return worst is not None and worst > 0
    if bound.side == "least":
        value_held = low if sure else value
        return value_held is not None and value_held >= bound.value
    value_held = high if sure else value
    return value_held is not None and value_held <= bound.value


def words(found: Held) -> str:
    """A bound and what was measured, in a line of at most 80 columns for the names there are."""
    bound = found.bound
    wanted = WORDS[bound.side] + ("" if bound.side == "better" else f" {bound.value:g}")
    if found.measured is None:
        return f"MISSED  {bound.metric}: no value, {wanted}"
    interval = "" if found.low is None else f" ({found.low:.3f} to {found.high:.3f})"
    return f"{'kept  ' if found.kept else 'MISSED'}  {bound.metric} {found.measured:.3f}{interval}, {wanted}"
