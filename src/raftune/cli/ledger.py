"""raftune ledger: what was asked of models, what they replied, and what it cost."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from raftune.cli.layout import counted, cut, fitted, wrapped
from raftune.cli.options import HERE, AsJson, Folder
from raftune.remembering.spending import Spending, money

if TYPE_CHECKING:
    from raftune.ledger import Action

HEAD = f"{'key':<8} {'when (UTC)':<16} {'kind':<9} {'stage':<8} {'model':<11} {'in':>7} {'out':>6} {'dollars':>8}"
LONGEST = 300

Kind = Annotated[str, typer.Option("--kind", help="Only of this kind: chat, embedding, batch, damaged, ...")]
Model = Annotated[str, typer.Option("--model", help="Only of this model.")]
Stage = Annotated[str, typer.Option("--stage", help="Only what this stage asked.")]
Before = Annotated[str, typer.Option("--before", help="Only what is older than this date (UTC).")]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Show what was asked of models, what they replied and what it cost; forget replies, or hand them on.",
)


@app.command("ls")
def list_actions(
    kind: Kind = "",
    model: Model = "",
    stage: Stage = "",
    before: Before = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="The newest so many; 0: all.")] = 20,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """List actions, the newest last, and the totals of all that are meant."""
    from raftune import api, bookkeeping
    from raftune.ledger import Wanted

    wanted = Wanted(kind=kind, model=model, stage=stage, before=bookkeeping.moment(before))
    with bookkeeping.opened(api.open_project(project)) as ledger:
        actions = ledger.actions(kind=kind, model=model, stage=stage, before=wanted.before, newest=limit)
        sums = ledger.sums("kind", wanted)
        if as_json:
            rows = [facts_of(action) for action in actions]
            typer.echo(json.dumps({"actions": rows, "total": {name: asdict(one) for name, one in sums.items()}}))
            return
        typer.echo(HEAD)
        for action in actions:
            typer.echo(line_of(action))
        for line in wrapped(totals(sums), 7, "total"):
            typer.echo(line)


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="The beginning of an action's key.")],
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Print one action: what was sent, what came back, what it cost."""
    from raftune import api, bookkeeping

    with bookkeeping.opened(api.open_project(project)) as ledger:
        action = bookkeeping.find_action(ledger, key)
    if as_json:
        typer.echo(json.dumps(facts_of(action) | {"request": action.request, "result": action.result}))
        return
    for line in lines_of(action):
        typer.echo(line)


@app.command()
def prune(
    unusable: Annotated[bool, typer.Option("--unusable", help="Replies cut off, filtered, refused or empty.")] = False,
    kind: Kind = "",
    model: Model = "",
    stage: Stage = "",
    before: Before = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Forget actions, so that they are asked, and paid for, again. Other processes must not use the project."""
    from raftune import api, bookkeeping
    from raftune.errors import ConfigError
    from raftune.ledger import Wanted

    if as_json and not yes:
        raise ConfigError("With --json nobody can be asked.", "Add --yes.")
    wanted = Wanted(kind=kind, model=model, stage=stage, before=bookkeeping.moment(before))
    with bookkeeping.held(api.open_project(project)) as ledger:
        chosen = bookkeeping.choose(ledger, wanted, only_unusable=unusable)
        if not as_json:
            typer.echo(f"to forget: {totals(chosen.sums)}")
        if chosen.keys and (yes or typer.confirm("Forget them? Where they are needed again, they are paid for again.")):
            count = ledger.forget(chosen.keys)
        else:
            count = 0
    typer.echo(json.dumps({"forgotten": count, **asdict(chosen.total)}) if as_json else f"{count:,} forgotten")


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="The file to write.", show_default="standard output")] = None,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Write all replies as JSON lines, which the setting `recorded` of another project takes."""
    from raftune import api, bookkeeping
    from raftune.errors import ConfigError

    if file is None and as_json:
        raise ConfigError("Replies and --json would be mixed on standard output.", "Name a file to write to.")
    with bookkeeping.opened(api.open_project(project)) as ledger:
        lines = bookkeeping.reply_lines(ledger)
        if file is None:
            for line in lines:
                sys.stdout.buffer.write(line.encode(errors="backslashreplace") + b"\n")
            return
        count = bookkeeping.write_lines(lines, file)
    typer.echo(json.dumps({"file": str(file), "replies": count}) if as_json else f"{file}: {count:,} replies")


def facts_of(action: "Action") -> dict[str, Any]:
    """An action without its texts."""
    names = [field.name for field in fields(action) if field.name not in {"request", "result"}]
    return {name: getattr(action, name) for name in names}


def line_of(action: "Action") -> str:
    """An action in one line of 80 columns."""
    dollars = "unknown" if action.dollars is None else money(action.dollars)
    return (
        f"{action.key[:8]:<8} {when(action):<16} {fitted(action.kind, 9)} {fitted(action.stage or '-', 8)} "
        f"{fitted(action.model or '-', 11)} {action.prompt_tokens:>7} {action.completion_tokens:>6} "
        f"{'imported' if action.origin == 'import' else dollars:>8}"
    )


def when(action: "Action") -> str:
    """The minute of an action."""
    return action.time[:16].replace("T", " ") or "-"


def totals(sums: dict[str, Spending]) -> str:
    """What actions used and cost, in words."""
    if not sums:
        return "nothing"
    whole = sum(sums.values(), Spending())
    kinds = ", ".join(f"{one.requests:,} {kind}" for kind, one in sums.items())
    unknown = f", and {whole.unpriced:,} whose price is not known" if whole.unpriced else ""
    tokens = f"{whole.prompt_tokens:,} tokens in, {whole.completion_tokens:,} out"
    return f"{counted(whole.requests, 'action')} ({kinds}); {tokens}; {money(whole.dollars)}{unknown}"


def lines_of(action: "Action") -> Iterator[str]:
    """An action for reading: the messages of a chat and its reply, of others the JSON."""
    origin = "imported" if action.origin == "import" else f"for {action.stage}" if action.stage else ""
    yield f"{action.key}  {action.kind} {origin}".rstrip()
    dollars = "price unknown" if action.dollars is None else money(action.dollars)
    tokens = f"{action.prompt_tokens:,} tokens in, {action.completion_tokens:,} out"
    yield f"{when(action)}  {action.model or 'no model'}; {tokens}; {dollars}"
    if action.kind == "chat" and isinstance(action.request, dict) and isinstance(action.result, dict):
        for message in action.request.get("messages", []):
            pictures = counted(len(message["images"]), "picture") if message.get("images") else ""
            yield from section(" ".join(["", message["role"], pictures]).strip(), str(message["content"]))
        yield from section(f"reply ({action.result.get('finish_reason')})", str(action.result.get("text")))
    else:
        yield from section("request", json.dumps(shortened(action.request), ensure_ascii=False, indent=1))
        yield from section("result", json.dumps(shortened(action.result), ensure_ascii=False, indent=1))


def section(title: str, text: str) -> Iterator[str]:
    """A titled text, indented; what a model wrote does not reach the terminal as a command."""
    yield ""
    yield title
    for line in text.splitlines():
        shown = "".join(sign if sign.isprintable() or sign.isspace() else "\ufffd" for sign in line)
        yield f"  {shown}".rstrip()


def shortened(value: Any) -> Any:
    """JSON whose long texts (a vector's digits) are cut."""
    if isinstance(value, dict):
        return {name: shortened(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shortened(one) for one in value]
    return (
        f"{cut(value, LONGEST)}… ({len(value):,} characters)"
        if isinstance(value, str) and len(value) > LONGEST
        else value
    )
