"""raftune merge: the tuned student as one model folder."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from raftune.cli.options import HERE, Folder

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="The folder to write.", show_default="exports/merged or exports/gguf"),
]
Gguf = Annotated[
    Literal["f32", "f16", "bf16", "q8_0"] | None,
    typer.Option("--gguf", help="Write a GGUF file for llama.cpp and Ollama, with its matrices in these numbers."),
]
Force = Annotated[bool, typer.Option("--force", help="Write into a folder that holds other files; they stay.")]


def merge(output: Output = None, gguf: Gguf = None, *, force: Force = False, project: Folder = HERE) -> None:
    """Write the tuned student as one folder, for programs that take no adapters: safetensors, or GGUF.

    The last line is the folder.
    """
    from raftune import api, outgoing

    typer.echo(str(outgoing.export_merged(api.open_project(project), output, gguf, force=force)))
