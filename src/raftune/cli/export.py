"""raftune export: the training set in a format that other libraries and providers take."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from raftune.cli.options import HERE, AsJson, Folder, Quiet

if TYPE_CHECKING:
    from raftune.hosting.rules import Problem

SHOWN = 10
EVERY: list[str] = []

Format = Annotated[str, typer.Argument(help="chat, completion, sharegpt, alpaca, huggingface or parquet.")]
Rows = Annotated[
    Literal["raft", "dsf"], typer.Option("--rows", help="raft: with documents; dsf: questions and answers alone.")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="The folder to write.", show_default="exports/FORMAT in the project"),
]
Splits = Annotated[list[str], typer.Option("--split", help="Only train, validation or test; may be repeated.")]
Mark = Annotated[bool, typer.Option("--bom", help="Begin chat files with a byte-order mark, as Azure asks.")]
Model = Annotated[str | None, typer.Option("--model", help="Check chat rows against what this hosted model reads.")]
Force = Annotated[bool, typer.Option("--force", help="Write into a folder that holds other files; they stay.")]


def export(
    form: Format,
    *,
    rows: Rows = "raft",
    output: Output = None,
    split: Splits = EVERY,
    bom: Mark = False,
    model: Model = None,
    force: Force = False,
    project: Folder = HERE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the training set as files for other libraries, with a card and settings that fit it.

    The last line is the folder. Chat files are checked against the provider's rules; nothing is sent anywhere.
    """
    from raftune import api, outgoing
    from raftune.errors import ConfigError
    from raftune.exporting.sets import Order
    from raftune.exporting.tally import SPLITS

    opened = api.open_project(project)
    splits = tuple(name for name in SPLITS if not split or name in split)
    if unknown := sorted(set(split) - set(SPLITS)):
        raise ConfigError(f"There is no split {unknown[0]!r}.", f"The splits are: {', '.join(SPLITS)}.")
    order = Order(form, rows, splits, bom, force, model)
    result = outgoing.export_rows(opened, order, output)
    if as_json:
        facts = {
            "folder": str(result.folder),
            "card": result.card,
            "problems": [one._asdict() for one in result.problems],
        }
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    if not quiet:
        for line in [*summary(result.card), *problem_lines(result.problems)]:
            typer.echo(line)
    typer.echo(str(result.folder))


def summary(card: dict[str, Any]) -> list[str]:
    """Rows by file, and how long they are."""
    from raftune.cli.layout import counted

    lines = [
        f"{file['name']:<28} {counted(file['rows'], 'row'):>14} {file['bytes']:>14,} bytes" for file in card["data"]
    ]
    lengths = card["lengths"]
    about = "" if lengths["exact"] else "about "
    lines.append(f"longest row {about}{lengths['longest']:,} tokens; set a maximum length of {lengths['room']:,}")
    return lines


def problem_lines(problems: tuple["Problem", ...]) -> list[str]:
    """What a provider would refuse, the first of it line by line."""
    lines = [
        f"{problem.file}{f' line {problem.line}' if problem.line else ''}: {problem.what}. {problem.advice}"
        for problem in problems[:SHOWN]
    ]
    if len(problems) > SHOWN:
        lines.append(f"and {len(problems) - SHOWN:,} more: --json")
    return lines
