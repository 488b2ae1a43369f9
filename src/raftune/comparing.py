"""What changed between two evaluations of the same questions: paired differences, new minus old."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from raftune.artifact import Artifact
from raftune.errors import ConfigError
from raftune.records import Score
from raftune.report_records import Difference
from raftune.statistics import paired_difference
from raftune.tables import shown_difference
from raftune.verdict import Finding, finding

SHOWN = 12


class Change(NamedTuple):
    """A metric's means over the questions that both evaluations hold, and their difference."""

    metric: str
    old: float
    new: float
    difference: Difference
    finding: Finding


def changes(
    old: Iterable[Score], new: Iterable[Score], system: str, lower_is_better: Collection[str], seed: int
) -> list[Change]:
    """A change for each metric that both hold of `system`, in the order of `new`; a failed reply is the worst value.

    Questions that one evaluation has alone are left out, as are those where a metric applies to one reply alone.
    """
    groups: dict[str, str] = {}
    before, after = (values_of(scores, system, lower_is_better, groups) for scores in (old, new))
    found = []
    for metric, values in after.items():
        common = [example for example in values if example in before.get(metric, {})]
        if common:
            found.append(change(metric, before[metric], values, common, groups, metric not in lower_is_better, seed))
    return found


def change(
    metric: str,
    before: Mapping[str, float],
    after: Mapping[str, float],
    common: list[str],
    groups: Mapping[str, str],
    higher_is_better: bool,  # noqa: FBT001 - as in Difference
    seed: int,
) -> Change:
    """One metric."""
    first, second = ([values[example] for example in common] for values in (before, after))
    one = paired_difference(first, second, [groups[example] for example in common], seed)
    difference = shown_difference(metric, one, higher_is_better=higher_is_better)
    return Change(metric, sum(first) / one.n, sum(second) / one.n, difference, finding(difference))


def values_of(
    scores: Iterable[Score], system: str, lower_is_better: Collection[str], groups: dict[str, str]
) -> dict[str, dict[str, float]]:
    """Values by metric and example of a system; notes each example's group."""
    values: dict[str, dict[str, float]] = {}
    for score in scores:
        if score.system == system and score.state != "not_applicable":
            worst = 1.0 if score.metric in lower_is_better else 0.0
            values.setdefault(score.metric, {})[score.example] = worst if score.value is None else score.value
            groups[score.example] = score.group
    return values


def run_named(runs: Sequence[Artifact[Any]], start: str, otherwise: int) -> Artifact[Any]:
    """The evaluation whose digest begins with `start`, or the one at place `otherwise` (0: the latest) without one.

    Raises ConfigError where there is none, or more than one.
    """
    if not start:
        if len(runs) > otherwise:
            return runs[otherwise]
        raise ConfigError("There is only one evaluation.", "Change a setting and run again, or name one --against.")
    found = {run.digest: run for run in runs if run.digest.startswith(start)}
    if len(found) != 1:
        known = ", ".join(dict.fromkeys(run.digest[:SHOWN] for run in runs))
        raise ConfigError(f"There are {len(found)} evaluations {start!r}.", f"There are: {known}.")
    return next(iter(found.values()))
