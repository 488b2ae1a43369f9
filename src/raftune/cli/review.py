"""raftune review: how far people have decided, and files to decide in."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raftune.cli.layout import counted, wrapped
from raftune.cli.options import HERE, AsJson, Folder
from raftune.errors import ConfigError

if TYPE_CHECKING:
    from raftune.api import Project

Export = Annotated[Path | None, typer.Option("--export", help="Write a row an answer to this .csv or .jsonl file.")]
Import = Annotated[Path | None, typer.Option("--import", help="Take the decisions of this .csv or .jsonl file.")]
Undecided = Annotated[bool, typer.Option("--undecided", help="Export only the answers nobody has decided about.")]
Who = Annotated[str, typer.Option("--who", envvar="RAFTUNE_REVIEWER", help="The reviewer's name, to import.")]

EXIT_FAULTS = 2


def review(
    export: Export = None,
    imported: Import = None,
    undecided: Undecided = False,
    who: Who = "",
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Show how far the review is; write answers to a file to decide in, and take decisions from it."""
    from raftune import api, desk

    if export is not None and imported is not None:
        raise ConfigError("Exporting and importing are two steps.", "Give --export or --import.")
    opened = api.open_project(project)
    if export is not None:
        count = desk.export_review(opened, export, undecided=undecided)
        say({"file": str(export), "rows": count}, f"{export}: {counted(count, 'answer')}", as_json=as_json)
    elif imported is not None:
        take(opened, imported, who.strip(), as_json=as_json)
    else:
        state = desk.review_tally(opened)
        words = (
            f"{state.accepted:,} accepted, {state.edited:,} edited, {state.rejected:,} rejected, "
            f"{state.undecided:,} undecided"
        )
        gone = f"; {counted(state.gone, 'decision')} about answers that are no more" if state.gone else ""
        say(dict(state._asdict()), words + gone, as_json=as_json)


def take(project: "Project", path: Path, who: str, *, as_json: bool) -> None:
    """Imports a file and says what came of it; ends with exit code 2 where rows could not be taken."""
    from raftune import desk

    if not who:
        raise ConfigError(
            "A decision needs the name of who made it.", "Give --who NAME, or set RAFTUNE_REVIEWER to a name."
        )
    found = desk.import_review(project, path, who, datetime.now(UTC))
    facts: dict[str, object] = {"added": len(found.decisions), "known": found.known, "undecided": found.undecided}
    words = f"{counted(len(found.decisions), 'decision')} added, {found.known:,} known, {found.undecided:,} undecided"
    say(facts | {"faults": [list(fault) for fault in found.faults]}, words, as_json=as_json)
    for line, fault in found.faults:
        for text in wrapped(fault, 2, f"{path.name} line {line}: "):
            typer.echo(text, err=True)
    if found.faults:
        typer.echo(
            f"{counted(len(found.faults), 'row')} not taken. Mend them in the file and import it again: "
            "what was taken is not taken twice.",
            err=True,
        )
        raise typer.Exit(EXIT_FAULTS)


def say(facts: dict[str, object], words: str, *, as_json: bool) -> None:
    """One JSON object, or a line of words."""
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else words)
