"""raftune plan: what a run would do, and why."""

import json
from typing import Annotated

import typer

from raftune.cli.options import HERE, NONE, AsJson, Changes, Folder, Sample, with_sample


def plan(
    project: Folder = HERE,
    changes: Changes = NONE,
    sample: Sample = None,
    why: Annotated[bool, typer.Option("--why", help="Name what changed since the last run.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say for each stage whether it is stored or would run."""
    from raftune import api

    plans = api.plan(api.open_project(project, with_sample(changes, sample)))
    if as_json:
        typer.echo(
            json.dumps([{"stage": one.stage, "status": one.status, "rows": one.rows, "why": one.why} for one in plans])
        )
        return
    for one in plans:
        rows = f"{one.rows} rows" if one.rows is not None else ""
        typer.echo(f"{one.stage:<9} {one.status:<10} {rows}".rstrip())
        for reason in one.why if why else ():
            typer.echo(f"          because {reason}")
