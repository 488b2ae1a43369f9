"""raftune show: the rows of a stage, its rejects, or one row by its id."""

import json
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from raftune.cli.options import HERE, AsJson, Folder


def show(
    stage: Annotated[str, typer.Argument(help="A stage, such as answer.")],
    row: Annotated[str | None, typer.Argument(help="The beginning of a row's id.")] = None,
    rejects: Annotated[bool, typer.Option("--rejects", help="Show what was left out, and why.")] = False,
    count: Annotated[int, typer.Option("--count", "-n", help="How many rows.")] = 5,
    image: Annotated[Path | None, typer.Option("--image", help="Write the first row's page to this PNG file.")] = None,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Print rows of the stage's latest artifact."""
    from raftune import api

    opened = api.open_project(project)
    artifact = api.stored(opened, stage)
    chosen = [] if rejects else list(islice((one for one in artifact if row is None or one.id.startswith(row)), count))
    if image is not None and chosen:
        image.write_bytes(api.page_image(opened, chosen[0]))
    for found in islice(artifact.rejects(), count) if rejects else (one.to_row() for one in chosen):
        if as_json:
            typer.echo(json.dumps(found, ensure_ascii=False))
            continue
        for name, value in found.items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            typer.echo(f"{name:>12}  {text}")
        typer.echo("")
