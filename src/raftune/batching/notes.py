"""What the ledger knows of batches: noted before one is handed in and after, so that none is handed in twice."""

import asyncio
import secrets
from dataclasses import dataclass, replace
from typing import Any

from raftune.digest import Json
from raftune.ledger import Action, Ledger

KIND = "batch"
ORIGIN = "note"  # neither asked of a model nor paid for: the replies are


@dataclass(frozen=True)
class BatchNote:
    """A batch that has not been collected: the keys of its requests, and its `id` once the endpoint gave one."""

    label: str
    model: str
    keys: tuple[str, ...]
    id: str = ""


class BatchNotes:
    """The batches of one endpoint in the ledger. What a method wrote is on the disk when it returns."""

    def __init__(self, ledger: Ledger, name: str) -> None:
        self.ledger = ledger
        self.name = name

    async def unfinished(self) -> list[BatchNote]:
        """The batches that earlier runs did not collect, the oldest first."""
        return await asyncio.to_thread(lambda: [note_of(action) for action in self._actions() if action.result["open"]])

    async def intend(self, model: str, keys: tuple[str, ...]) -> BatchNote:
        """Notes a batch that is to be handed in, under a label that no other has."""
        note = BatchNote(secrets.token_hex(16), model, keys)
        await self._write(note, {"keys": list(keys)}, is_open=True)
        return note

    async def submitted(self, note: BatchNote, batch: str) -> BatchNote:
        """Notes the id that the endpoint gave a batch."""
        note = replace(note, id=batch)
        await self._write(note, {"keys": list(note.keys)}, is_open=True)
        return note

    async def closed(self, note: BatchNote) -> None:
        """Notes that a batch needs no further look: all it gave is in the ledger, or it was never taken."""
        await self._write(note, {"requests": len(note.keys)}, is_open=False)

    def _actions(self) -> list[Action]:
        return [action for action in self.ledger.actions(kind=KIND) if action.request.get("endpoint") == self.name]

    async def _write(self, note: BatchNote, what: dict[str, Json], *, is_open: bool) -> None:
        request = {"endpoint": self.name, "model": note.model, **what}
        result = {"open": is_open, "batch": note.id}
        await self.ledger.commit(Action(note.label, KIND, request, result, ORIGIN, model=note.model, dollars=0.0))


def note_of(action: Action) -> BatchNote:
    """A batch as it stands in the ledger."""
    request: dict[str, Any] = action.request
    return BatchNote(action.key, request["model"], tuple(request["keys"]), action.result["batch"])
