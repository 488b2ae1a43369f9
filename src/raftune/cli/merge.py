"""raftune merge: the tuned student as one model folder."""

from pathlib import Path
from typing import Annotated

import typer

from raftune.cli.options import HERE, Folder

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="The folder to write.", show_default="exports/merged in the project"),
]
Force = Annotated[bool, typer.Option("--force", help="Write into a folder that holds other files; they stay.")]


def merge(output: Output = None, *, force: Force = False, project: Folder = HERE) -> None:
    """Write the tuned student as one folder of safetensors, for programs that take no adapters.

    The last line is the folder.
    """
    from raftune import api, outgoing

    typer.echo(str(outgoing.export_merged(api.open_project(project), output, force=force)))
