"""raftune doctor: the machine, the project, and each role's endpoint, tried with a few tiny requests."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raftune.cli.layout import counted, width, wrapped
from raftune.cli.options import HERE, AsJson, Folder

if TYPE_CHECKING:
    from raftune.examining.check import Check
    from raftune.examining.examine import Examination

MARKS = {"ok": "✓", "warn": "!", "fail": "✗", "skipped": "-"}
NAME = 10
CENT = 0.01


def doctor(
    project: Folder = HERE,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no endpoint.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the machine, the project, and each role's endpoint by a few tiny requests (some 300 tokens a role)."""
    from raftune.debugging import clean
    from raftune.examining.check import exit_code
    from raftune.examining.examine import examine

    found = examine(existing(project), offline=offline)
    code = exit_code(found.checks)
    if as_json:
        checks = [{name: value for name, value in asdict(check).items() if name != "code"} for check in found.checks]
        told = {"checks": checks, "spent": asdict(found.spent), "dollars": found.dollars, "exit_code": code}
        typer.echo(clean(json.dumps(told, ensure_ascii=False)))
    else:
        for line in lines_of(found):
            typer.echo(line)
    if code:
        raise typer.Exit(code)


def existing(folder: Path) -> Path:
    """The folder. Raises ConfigError where there is none."""
    from raftune.errors import ConfigError

    if not folder.is_dir():
        raise ConfigError(f"There is no folder {folder}.", "Correct --project, or run `raftune init` first.")
    return folder


def lines_of(found: "Examination") -> Iterator[str]:
    """The checks in 80 columns, those of a role under its name."""
    role = ""
    for check in found.checks:
        if check.role != role:
            if role:
                yield ""
            role = check.role
            yield role
        yield from lines_of_check(check)
    yield ""
    if found.spent.requests:
        yield spent_words(found)
    yield sum_words(found.checks)


def lines_of_check(check: "Check") -> Iterator[str]:
    """A check and, below it, what to do."""
    from raftune.debugging import clean

    label = f"{MARKS[check.state]} {check.name}"
    indent = NAME + 4
    yield from wrapped(clean(check.words), indent, f"  {label} " if width(label) >= NAME + 1 else f"  {label}")
    if check.advice and check.state != "ok":
        yield from wrapped(clean(check.advice), indent, " " * indent)


def spent_words(found: "Examination") -> str:
    """What the doctor's own requests took."""
    from raftune.remembering.spending import money

    spent = found.spent
    known = money(found.dollars or 0.0) if not found.dollars or found.dollars >= CENT else "under a cent"
    price = "at an unknown price" if found.dollars is None else known
    asked = counted(spent.requests, "request")
    return f"asked {asked}: {spent.prompt_tokens:,} tokens in, {spent.completion_tokens:,} out, {price}"


def sum_words(checks: Iterable["Check"]) -> str:
    """How many checks there are of each state that calls for something."""
    states = [check.state for check in checks]
    failed, warned = states.count("fail"), states.count("warn")
    if not failed and not warned:
        return "all is well"
    return ", ".join(filter(None, [f"{failed} failed" if failed else "", counted(warned, "warning") if warned else ""]))
