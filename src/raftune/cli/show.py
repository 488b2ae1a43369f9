"""raftune show: the rows of a stage, its rejects, or one row by its id."""

import json
from itertools import islice
from typing import Annotated

import typer

from raftune.cli.options import HERE, AsJson, Folder


def show(
    stage: Annotated[str, typer.Argument(help="A stage, such as answer.")],
    row: Annotated[str | None, typer.Argument(help="The beginning of a row's id.")] = None,
    rejects: Annotated[bool, typer.Option("--rejects", help="Show what was left out, and why.")] = False,
    count: Annotated[int, typer.Option("--count", "-n", help="How many rows.")] = 5,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Print rows of the stage's latest artifact."""
    from raftune import api

    artifact = api.stored(api.open_project(project), stage)
    if rejects:
        rows = artifact.rejects()
    else:
        rows = (record.to_row() for record in artifact if row is None or record.id.startswith(row))
    for found in islice(rows, count):
        if as_json:
            typer.echo(json.dumps(found, ensure_ascii=False))
            continue
        for name, value in found.items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            typer.echo(f"{name:>12}  {text}")
        typer.echo("")
