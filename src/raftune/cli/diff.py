"""raftune diff: what changed between two evaluations."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raftune.cli.debug import followed
from raftune.cli.options import HERE, AsJson, Folder

if TYPE_CHECKING:
    from raftune.comparing import Change

SHOWN = 12
NAME = 24

Old = Annotated[str, typer.Argument(help="The beginning of an evaluation's digest.", show_default="the one before")]
New = Annotated[str, typer.Argument(help="The beginning of an evaluation's digest.", show_default="the latest")]
Against = Annotated[
    Path | None, typer.Option("--against", help="Another project, whose evaluation is the old one.", callback=followed)
]
System = Annotated[str, typer.Option("--system", help="Whose answers are compared.")]


def diff(
    old: Old = "",
    new: New = "",
    *,
    against: Against = None,
    system: System = "tuned",
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Compare two evaluations of the same questions: means and the paired difference with its 95 % interval."""
    from raftune import api, desk

    first, second, found = desk.compared(api.open_project(project), old, new, against=against, system=system)
    if as_json:
        rows = [one._asdict() | {"difference": one.difference.model_dump(mode="json")} for one in found]
        typer.echo(json.dumps({"old": first, "new": second, "system": system, "changes": rows}))
        return
    typer.echo(f"{system}: {first[:SHOWN]} -> {second[:SHOWN]}, in points of 100")
    for one in found:
        typer.echo(line(one))


def line(one: "Change") -> str:
    """A metric in 80 columns."""
    from raftune.cli.layout import fitted
    from raftune.verdict import points

    difference = one.difference
    means = f"{points(one.old):>5} -> {points(one.new):>5}"
    interval = f"{points(difference.low, signed=True)} to {points(difference.high, signed=True)}"
    word = {"none": "no difference", "unknown": "too few groups"}.get(one.finding, one.finding)
    return f"{fitted(difference.metric, NAME)} {means}  {interval:<14} n={difference.n}  {word}".rstrip()
