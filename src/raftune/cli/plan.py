"""raftune plan: what a run would do, and why."""

import json
from dataclasses import asdict
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
        typer.echo(json.dumps([asdict(one) for one in plans]))
        return
    for one in plans:
        typer.echo(f"{one.stage:<9} {one.status:<10} {details(one.rows, one.last_seconds)}".rstrip())
        for reason in one.why if why else ():
            typer.echo(f"          because {reason}")


def details(rows: int | None, last_seconds: float | None) -> str:
    """How many rows are stored, or how long the stage took last time."""
    from raftune.cli.watch import duration

    if rows is not None:
        return f"{rows} rows"
    return "" if last_seconds is None else f"(took {duration(last_seconds)} last time)"
