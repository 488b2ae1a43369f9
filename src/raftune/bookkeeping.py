"""What a project asked of models and paid for: looked at, forgotten, handed on."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from raftune.api import Project
from raftune.digest import canonical_json
from raftune.errors import ConfigError, StoreError
from raftune.ledger import Action, Ledger, Wanted
from raftune.remembering.spending import Spending
from raftune.runner import only_writer

CUT_SHORT = frozenset({"length", "content_filter", "refusal"})
MOST_KEYS = 5


@dataclass(frozen=True)
class Chosen:
    """Actions that are to be forgotten: their keys, and what they cost by kind."""

    keys: tuple[str, ...]
    sums: dict[str, Spending]

    @property
    def total(self) -> Spending:
        """What all of them cost."""
        return sum(self.sums.values(), Spending())


@contextmanager
def opened(project: Project) -> Iterator[Ledger]:
    """The project's ledger, to read. Raises ConfigError where there is none yet."""
    path = project.state / "ledger.sqlite"
    if not path.exists():
        raise ConfigError("Nothing was asked of a model in this project yet.", "Run `raftune run` first.")
    ledger = Ledger(path)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def held(project: Project) -> Iterator[Ledger]:
    """The project's ledger, to change, while nobody else works on the project. Raises ConfigError or StoreError."""
    with opened(project) as ledger, only_writer(project.state / "lock"):
        yield ledger


def find_action(ledger: Ledger, start: str) -> Action:
    """The only action whose key begins with `start`. Raises ConfigError where there is none, or more than one."""
    keys = ledger.keys(Wanted(start=start))
    if len(keys) > 1:
        some = ", ".join(keys[:MOST_KEYS])
        raise ConfigError(f"{len(keys):,} actions begin with {start!r}.", f"Give more of it: {some}.")
    found = next(ledger.actions(start=start), None) if keys else None
    if found is None:
        raise ConfigError(f"No action begins with {start!r}.", "`raftune ledger ls` prints their keys.")
    return found


def unusable(action: Action) -> bool:
    """Whether a reply is of no use: cut off, filtered, refused or empty."""
    reply = action.result
    if action.kind != "chat" or not isinstance(reply, dict):
        return False
    return reply.get("finish_reason") in CUT_SHORT or not str(reply.get("text", "")).strip()


def choose(ledger: Ledger, wanted: Wanted, *, only_unusable: bool) -> Chosen:
    """The wanted actions, or those of them that are of no use. Raises ConfigError where nothing narrows them down."""
    if wanted == Wanted() and not only_unusable:
        raise ConfigError(
            "The whole ledger would be forgotten.", "Give --unusable, --kind, --model, --stage or --before."
        )
    if not only_unusable:
        return Chosen(tuple(ledger.keys(wanted)), ledger.sums("kind", wanted))
    found = ledger.actions(kind=wanted.kind, model=wanted.model, stage=wanted.stage, before=wanted.before)
    return chosen_of(action for action in found if unusable(action))


def chosen_of(actions: Iterable[Action]) -> Chosen:
    """Actions by their keys and costs."""
    keys: list[str] = []
    sums: dict[str, Spending] = {}
    for action in actions:
        keys.append(action.key)
        priced = action.dollars is not None or action.origin == "import"
        one = Spending(1, action.prompt_tokens, action.completion_tokens, action.dollars or 0.0, 0 if priced else 1)
        sums[action.kind] = sums.get(action.kind, Spending()) + one
    return Chosen(tuple(keys), sums)


def moment(text: str) -> str:
    """A date or time (in UTC, if it does not say) as the ledger notes times; "" stays. Raises ConfigError."""
    if not text:
        return ""
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is no date.", "Write it as in 2026-11-23 or 2026-11-23T14:00.") from error
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return when.astimezone(UTC).isoformat(timespec="seconds")


def reply_lines(ledger: Ledger) -> Iterator[str]:
    """All replies as lines of JSON, as the setting `recorded` takes them."""
    return (canonical_json(row) for row in ledger.export("chat"))


def write_lines(lines: Iterator[str], path: Path) -> int:
    """Writes lines to a file that appears when it is whole; returns how many. Raises StoreError."""
    part = path.with_name(f".{path.name}.part")
    count = 0
    try:
        with part.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for line in lines:
                file.write(line + "\n")
                count += 1
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror}).", "Check the folder and the disk.") from error
    finally:
        part.unlink(missing_ok=True)
    return count
