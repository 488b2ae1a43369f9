"""Writes docs/reference.md from the settings and commands themselves: python docs/make_reference.py."""

import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from typer.main import get_command

from raftune.cli.main import app
from raftune.errors import RaftuneError
from raftune.project import Settings

PAGE = Path(__file__).parent / "reference.md"


def page() -> str:
    """The whole reference as Markdown."""
    sections = [("", Settings)] + [
        (name, field.annotation)
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    ]
    tables = [(f"{name}.NAME", of_table(field.annotation)) for name, field in Settings.model_fields.items()]
    sections += [(name, model) for name, model in tables if model is not None]
    parts = ["# Reference", "Made by `python docs/make_reference.py`; do not edit.", "## Commands", *commands()]
    parts += ["## raftune.toml", *(section(name, model) for name, model in sections)]
    parts += ["## Exit codes", codes()]
    return "\n\n".join(parts) + "\n"


def of_table(annotation: Any) -> type[BaseModel] | None:
    """The settings that a table has by any name; None for what is no such table."""
    if get_origin(annotation) is not dict:
        return None
    model = get_args(annotation)[1]
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def commands() -> list[str]:
    """One block a command."""
    return list(blocks("", get_command(app)))


def blocks(above: str, group: Any) -> Iterator[str]:
    """The commands of a group, those of the groups in it too."""
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from blocks(f"{above}{name} ", one)
        else:
            yield command(f"{above}{name}", one)


def command(name: str, one: Any) -> str:
    """A command's line and its options."""
    lines = [f"### raftune {name}", "", (one.help or "").strip(), ""]
    for parameter in one.params:
        words = ", ".join(f"`{word}`" for word in getattr(parameter, "opts", []) if word)
        help_text = getattr(parameter, "help", None)
        if words and help_text:
            lines.append(f"- {words}: {help_text}")
    return "\n".join(lines).rstrip()


def section(name: str, model: type[BaseModel]) -> str:
    """A section's keys as a table."""
    title = f"### [{name}]" if name else "### At the top"
    rows = [
        f"| `{key}` | {kind(field.annotation)} | {default(field)} | {' '.join((field.description or '').split())} |"
        for key, field in model.model_fields.items()
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel))
    ]
    return "\n".join([title, "", "| key | kind | default | meaning |", "| --- | --- | --- | --- |", *rows])


def kind(annotation: Any) -> str:
    """A type in words."""
    if annotation is type(None):
        return "nothing"
    if get_origin(annotation) is types.UnionType:
        return " or ".join(kind(one) for one in get_args(annotation) if one is not type(None))
    if get_origin(annotation) is tuple:
        return f"list of {kind(get_args(annotation)[0])}"
    if get_origin(annotation) is dict:
        return f"table of {kind(get_args(annotation)[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "settings"
    if get_args(annotation):
        return ", ".join(f"`{one}`" for one in get_args(annotation))
    return {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}[annotation.__name__]


def default(field: Any) -> str:
    """A default as it stands in TOML."""
    value = field.get_default(call_default_factory=True) or ("" if field.default_factory else field.default)
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "" else "empty"


def codes() -> str:
    """Exit codes by group."""
    groups = {one.exit_code: one for one in RaftuneError.__subclasses__()}
    rows = [f"| {code} | {' '.join((one.__doc__ or '').split())} |" for code, one in sorted(groups.items())]
    rows.append("| 130 | The run was interrupted; the same command goes on. |")
    return "\n".join(["| code | meaning |", "| --- | --- |", "| 0 | Done. |", *rows])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
