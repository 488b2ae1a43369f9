"""raftune export: the training set, or the tuned student, in a form that other programs take."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast, get_args

import typer

from raftune.cli.options import HERE, AsJson, Folder, Quiet

if TYPE_CHECKING:
    from raftune.exporting.sets import Order
    from raftune.exporting.tuned import Kind
    from raftune.hosting.rules import Problem

SHOWN = 10
EVERY: list[str] = []

Format = Annotated[
    str,
    typer.Argument(
        help="Rows: chat, completion, sharegpt, alpaca, huggingface or parquet. Model: adapter, safetensors or gguf."
    ),
]
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
Numbers = Annotated[
    Literal["f32", "f16", "bf16", "q8_0"] | None,
    typer.Option("--numbers", help="How a gguf file keeps its matrices.", show_default="f16"),
]
Force = Annotated[bool, typer.Option("--force", help="Write into a folder that holds other files; they stay.")]


def export(
    form: Format,
    *,
    rows: Rows = "raft",
    output: Output = None,
    split: Splits = EVERY,
    bom: Mark = False,
    model: Model = None,
    numbers: Numbers = None,
    force: Force = False,
    project: Folder = HERE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the training set as files for other libraries, or the tuned student for other programs.

    Rows come with a card and settings that fit them; chat files are checked against the provider's rules. A model is an
    adapter for PEFT, vLLM and llama.cpp, one folder of safetensors, or one GGUF file with a Modelfile for Ollama, each
    with the commands that run it. The last line is the folder. Nothing is sent anywhere.
    """
    from raftune import api, outgoing
    from raftune.exporting.tuned import Kind

    opened = api.open_project(project)
    if form in get_args(Kind):
        refuse_options(form, {"--rows": rows != "raft", "--split": split, "--bom": bom, "--model": model})
        refuse_options(form, {"--numbers": numbers and form != "gguf"})
        folder = outgoing.export_model(opened, cast("Kind", form), output, numbers or "f16", force=force)
        typer.echo(json.dumps({"folder": str(folder)}) if as_json else str(folder))
        return
    refuse_options(form, {"--numbers": numbers})
    result = outgoing.export_rows(opened, order_of(form, rows, split, bom, force, model), output)
    if as_json:
        problems = [one._asdict() for one in result.problems]
        facts = {"folder": str(result.folder), "card": result.card, "problems": problems}
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    if not quiet:
        for line in [*summary(result.card), *problem_lines(result.problems)]:
            typer.echo(line)
    typer.echo(str(result.folder))


def refuse_options(form: str, given: dict[str, object]) -> None:
    """Raises ConfigError for an option that says nothing about this form: it would be passed over in silence."""
    from raftune.errors import ConfigError

    for name, value in given.items():
        if value:
            raise ConfigError(f"{name} says nothing about {form}.", "Leave it out, or name another form.")


def order_of(form: str, rows: Any, split: list[str], bom: bool, force: bool, model: str | None) -> "Order":  # noqa: FBT001 - as typer gives them
    """What is to be written. Raises ConfigError for a split that there is not."""
    from raftune.errors import ConfigError
    from raftune.exporting.sets import Order
    from raftune.exporting.tally import SPLITS

    if unknown := sorted(set(split) - set(SPLITS)):
        raise ConfigError(f"There is no split {unknown[0]!r}.", f"The splits are: {', '.join(SPLITS)}.")
    return Order(form, rows, tuple(name for name in SPLITS if not split or name in split), bom, force, model)


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
