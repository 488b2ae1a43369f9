"""raftune gate: whether the tuned student is good enough, as an exit code."""

import json
from pathlib import Path
from typing import Annotated

import typer

from raftune.cli.options import HERE, AsJson, Folder

NO_BOUNDS: list[str] = []
Least = Annotated[list[str], typer.Option("--least", help="METRIC=VALUE the tuned student has to reach, 0 to 1.")]
Most = Annotated[list[str], typer.Option("--most", help="METRIC=VALUE it may not pass, as in over_refusal=0.1.")]
Better = Annotated[list[str], typer.Option("--better", help="METRIC in which it has to be better than its base.")]
Sure = Annotated[bool, typer.Option("--sure", help="The whole 95 % interval has to keep --least and --most.")]
Report = Annotated[Path | None, typer.Option("--report", help="A report.json.", show_default="that of the project")]


def gate(
    least: Least = NO_BOUNDS,
    most: Most = NO_BOUNDS,
    better: Better = NO_BOUNDS,
    *,
    sure: Sure = False,
    report: Report = None,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Hold the report's numbers against bounds, for checks that run after every change.

    Ends with exit code 10 where one is missed, else with 0.
    """
    from raftune import bounds
    from raftune.errors import BoundsMissed, ConfigError

    wanted = [bounds.bound_of(text, "least") for text in least] + [bounds.bound_of(text, "most") for text in most]
    wanted += [bounds.Bound(metric, "better") for metric in better]
    if not wanted:
        raise ConfigError("There is no bound to hold the report against.", "Add --least, --most or --better.")
    found = bounds.held_against(bounds.read_report(report or project / "report.json"), wanted, sure=sure)
    if as_json:
        typer.echo(json.dumps([one._asdict() | vars(one.bound) for one in found], default=vars))
    else:
        for one in found:
            typer.echo(bounds.words(one))
    if missed := sum(not one.kept for one in found):
        raise BoundsMissed(f"{missed} of {len(found)} bounds are missed.", "The report says where it got worse.")
