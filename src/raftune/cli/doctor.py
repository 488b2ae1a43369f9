"""raftune doctor: what is installed, what the project needs, and what is wrong with each file."""

import importlib.util
import os
import platform
import shutil
import sqlite3
from pathlib import Path

import typer

from raftune.cli.options import HERE, Folder

PARTS = {
    "endpoint": ("openai",),
    "local": ("xllamacpp", "gguf"),
    "train": ("torch", "transformers", "peft", "safetensors", "gguf"),
}


def doctor(project: Folder = HERE) -> None:
    """Check the machine, the optional parts, the student and the project."""
    from raftune import __version__

    typer.echo(f"raftune {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    free = shutil.disk_usage(project).free / 1e9
    typer.echo(f"{len(os.sched_getaffinity(0))} cores, {free:.0f} GB free on disk")
    for extra, modules in PARTS.items():
        missing = [name for name in modules if importlib.util.find_spec(name) is None]
        advice = f"missing {', '.join(missing)}: pip install 'raftune[{extra}]'" if missing else "installed"
        typer.echo(f"  {extra:<9} {advice}")
    if (project / "raftune.toml").exists():
        check_project(project)
    else:
        typer.echo("no project here: raftune init makes one")


def check_project(folder: Path) -> None:
    """The project's settings, documents and models, one line each."""
    from raftune import api

    opened = api.open_project(folder)
    for line in api.examine(opened):
        typer.echo(f"  {line}")
