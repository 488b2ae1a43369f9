"""The course of a batch: noted, handed in, waited for, collected, closed."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from raftune.batching.asked import Asked
from raftune.batching.notes import BatchNote, BatchNotes
from raftune.batching.patience import Patience, Results
from raftune.batching.room import Room
from raftune.contracts import ChatReply, ChatRequest
from raftune.errors import BadReply, ProviderError, QueueFull, Unavailable

AT_A_TIME = 200  # replies to a transaction

Keep = Callable[["Batch", dict[str, ChatReply]], Awaitable[None]]


@dataclass(eq=False)
class Batch:
    """A batch that is not collected yet.

    `asked` are those of its requests that somebody asked for in this run, `note` what the ledger knows of it; `failed`
    are the errors of requests, `answered` the keys of the others that came back.
    """

    model: str
    keys: tuple[str, ...]
    asked: dict[str, Asked]
    note: BatchNote | None = None
    followed: bool = False
    answered: set[str] = field(default_factory=set)
    failed: dict[str, ProviderError] = field(default_factory=dict)


class Course:
    """Takes batches along their course. `keep` puts replies where they cannot be lost, `tokens` estimates requests."""

    def __init__(
        self, notes: BatchNotes, patience: Patience, room: Room, keep: Keep, tokens: Callable[[ChatRequest], int]
    ) -> None:
        self.notes = notes
        self.patience = patience
        self.room = room
        self.keep = keep
        self.tokens = tokens

    async def run(self, batch: Batch) -> None:
        """Hands in a new batch and collects it; its `failed` are those to tell or to send again.

        Raises QueueFull after a pause when the endpoint did not take it, so that it goes again in smaller ones, and
        any ProviderError that ends all.
        """
        tokens = sum(self.tokens(asked.request) for asked in batch.asked.values())
        await self.room.enter(tokens)
        try:
            refused = await self._handed_in(batch)
        except QueueFull as refusal:
            refused = refusal
        finally:
            await self.room.leave(tokens)
        if refused is None:
            self.room.accepted()
            await self._collect(batch)
            return
        await self._close(batch)
        if isinstance(refused, QueueFull):
            await self.room.refused(tokens, refused)
        if isinstance(refused, QueueFull) or not isinstance(refused, Unavailable):
            raise refused

    async def resume(self, batch: Batch, quiet: Callable[[], Awaitable[None]]) -> None:
        """Collects a batch of an earlier run, once it has ended and `quiet` returned; all it lacks is in `failed`."""
        note = batch.note
        if note is None:
            raise AssertionError
        if not note.id:
            found = await self.patience.find(note.label)
            batch.note = note = await self.notes.submitted(note, found) if found else note
        refused = (await self.patience.end_of(note.id)).refused if note.id else left_out()
        if refused is None:
            await quiet()
            await self._collect(batch)
            return
        await self._close(batch)
        if not isinstance(refused, Unavailable):
            raise refused

    async def _handed_in(self, batch: Batch) -> ProviderError | None:
        """Waits for the end of a new batch; why it was refused."""
        note = batch.note = await self.notes.intend(batch.model, batch.keys)
        identity = await self.patience.hand_in(lambda: self._lines(batch), note.label)
        batch.note = await self.notes.submitted(note, identity)
        return (await self.patience.end_of(identity)).refused

    def _lines(self, batch: Batch) -> Iterable[bytes]:
        return (self.patience.batches.line(key, asked.request) for key, asked in batch.asked.items())

    async def _collect(self, batch: Batch) -> None:
        if batch.note is None:
            raise AssertionError
        final: list[ProviderError] = []

        async def take(results: Results) -> None:
            replies = {key: reply for key, reply in results if isinstance(reply, ChatReply)}
            errors = {key: error for key, error in results if isinstance(error, ProviderError)}
            await self.keep(batch, {key: reply for key, reply in replies.items() if key not in batch.answered})
            batch.answered |= replies.keys()
            batch.failed |= errors
            final.extend(error for error in errors.values() if not isinstance(error, Unavailable | BadReply))

        requests = {key: asked.request for key, asked in batch.asked.items()}
        await self.patience.results(batch.note.id, requests, take, AT_A_TIME)
        await self._close(batch)
        if final:
            raise final[0]

    async def _close(self, batch: Batch) -> None:
        """Notes that nothing more comes of a batch."""
        if batch.note is not None:
            await self.notes.closed(batch.note)
        reached = batch.answered | batch.failed.keys()
        batch.failed |= {key: left_out() for key in batch.keys if key not in reached}


def left_out() -> Unavailable:
    """The error of a request that a batch did not get to: it expired, was cancelled, or is gone."""
    return Unavailable(
        "The request was in a batch that ended before it was answered.", "Run again later.", reason="left out"
    )
