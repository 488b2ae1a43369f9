"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from raftune.cli.debug import followed

Folder = Annotated[
    Path,
    typer.Option("--project", "-p", help="The project's folder.", show_default="this folder", callback=followed),
]
Changes = Annotated[list[str], typer.Option("--set", help="Change a setting, as in --set assemble.distractors=3.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only the result.")]
Sample = Annotated[int | None, typer.Option("--sample", min=1, help="Work on this many passages only.")]

HERE = Path()
NONE: list[str] = []


def with_sample(changes: list[str], sample: int | None) -> list[str]:
    """The changes plus the one that --sample stands for."""
    return changes if sample is None else [*changes, f"chunk.sample={sample}"]
