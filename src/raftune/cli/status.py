"""raftune status: where the project stands."""

import json
from typing import Any

import typer

from raftune.cli.options import HERE, AsJson, Folder


def status(project: Folder = HERE, as_json: AsJson = False) -> None:
    """Show each stage's rows, rejects by reason and time."""
    from raftune import api
    from raftune.cli.watch import duration

    rows = api.status(api.open_project(project))
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['stage']:<9} {describe(row, duration)}")
        for reason, count in row["rejected"].items():
            typer.echo(f"          {count:>5} rejected: {reason}")


def describe(row: dict[str, Any], duration: Any) -> str:
    """One stage in a few words."""
    if row["rows"] is None:
        return "not run yet"
    taken = "" if row["seconds"] is None else f", {duration(row['seconds'])}"
    return f"{row['rows']} rows{taken}"
