"""raftune doctor: what is installed, what the project needs, and what is wrong with each file."""

import importlib
import importlib.util
import os
import pkgutil
import platform
import shutil
import sqlite3
from pathlib import Path

import typer

from raftune.cli.options import HERE, Folder
from raftune.records import Language

PARTS = {
    "documents": ("lxml",),
    "ocr": ("rapidocr",),
    "embed": ("wordllama", "tokenizers"),
    "endpoint": ("openai",),
    "local": ("xllamacpp", "gguf", "tokenizers"),
    "train": ("torch", "transformers", "peft", "safetensors", "gguf"),
}

LANGUAGES: dict[Language, str] = {"en": "English", "ko": "Korean"}


def doctor(project: Folder = HERE) -> None:
    """Check the machine, the optional parts, the student and the project."""
    from raftune import __version__
    from raftune.overview import KINDS

    typer.echo(f"raftune {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    free = shutil.disk_usage(project).free / 1e9
    typer.echo(f"{len(os.sched_getaffinity(0))} cores, {free:.0f} GB free on disk")
    for extra, modules in PARTS.items():
        missing = [name for name in modules if importlib.util.find_spec(name) is None]
        advice = f"missing {', '.join(missing)}: pip install 'raftune[{extra}]'" if missing else "installed"
        typer.echo(f"  {extra:<9} {advice}")
    typer.echo(f"  reads     {', '.join(sorted(KINDS.values(), key=str.casefold))}")
    for name in plug_names("ocr"):
        typer.echo(f"  scans     {scans(name)}")
    if (project / "raftune.toml").exists():
        check_project(project)
    else:
        typer.echo("no project here: raftune init makes one")


def plug_names(kind: str) -> list[str]:
    """The plugs of a kind."""
    found = importlib.util.find_spec(f"raftune.{kind}")
    return [] if found is None else [module.name for module in pkgutil.iter_modules(found.submodule_search_locations)]


def scans(name: str) -> str:
    """Which languages an OCR engine reads here."""
    from raftune.contracts import Ocr

    engine: Ocr = importlib.import_module(f"raftune.ocr.{name}").plug
    languages = [words for language, words in LANGUAGES.items() if engine.fits(language)]
    return f"{name}: {'reads ' + ' and '.join(languages) if languages else 'not installed'}"


def check_project(folder: Path) -> None:
    """The project's settings, documents and models, one line each."""
    from raftune import api

    opened = api.open_project(folder)
    for line in api.examine(opened):
        typer.echo(f"  {line}")
