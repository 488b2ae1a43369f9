"""raftune init: a new project folder."""

from pathlib import Path
from typing import Annotated

import typer

TEMPLATE = """\
name = "{name}"
documents = "documents"      # PDF, Markdown and text files, in any mix

# Without a teacher, rules write fill-in questions from your documents: free, offline, right by construction.
# A language model writes better ones. Name any OpenAI-compatible endpoint:
# [teacher]
# provider = "openai"
# base_url = "http://localhost:11434/v1"
# model = "qwen3:14b"
# key_variable = "OPENAI_API_KEY"   # the key itself stands in the environment or in .env, never here
# Then `raftune doctor` tries it, and `raftune plan` says what it will cost.

[assemble]
distractors = 3              # k: wrong documents beside the right one
oracle_share = 0.8           # P: share of examples that show the right one

[train]
epochs = 3
"""

IGNORED = ".env\n.raftune/\n"


def init(folder: Annotated[Path, typer.Argument(help="Where to make the project.")] = Path()) -> None:
    """Make a project: a raftune.toml and a documents folder."""
    from raftune.errors import ConfigError
    from raftune.project import CONFIG_NAME

    config = folder / CONFIG_NAME
    if config.exists():
        raise ConfigError(f"{config} is there already.", "Edit it, or choose another folder.")
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    config.write_text(TEMPLATE.format(name=folder.resolve().name.replace('"', "")), encoding="utf-8")
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(IGNORED, encoding="utf-8")
    typer.echo(f"Made {config}. Put your documents into {folder / 'documents'}, then: raftune run --project {folder}")
