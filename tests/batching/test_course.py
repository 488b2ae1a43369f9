"""The course as a whole is tested in tests/wrappers/test_batched.py; here is what only the course can tell."""

import asyncio
from pathlib import Path

import pytest

from raftune.batching.course import Batch, Course
from raftune.batching.notes import BatchNotes
from raftune.batching.patience import Patience
from raftune.batching.room import Room
from raftune.contracts import BatchState, ChatReply
from raftune.errors import ProviderError, Unavailable
from raftune.ledger import Ledger
from tests.batching.test_patience import Scripted


async def at_once(seconds: float = 0.0) -> None:
    await asyncio.sleep(0)


async def keep(batch: Batch, replies: dict[str, ChatReply]) -> None:
    assert batch.keys


def resumed(ledger: Ledger, service: Scripted, *, identity: str = "") -> tuple[Batch, bool]:
    """A batch of an earlier run after its course, and whether its note is closed."""

    async def go() -> tuple[Batch, bool]:
        notes = BatchNotes(ledger, "here")
        note = await notes.intend("m", ("a", "b"))
        if identity:
            note = await notes.submitted(note, identity)
        course = Course(notes, Patience(service, 1.0, at_once), Room(1.0, at_once), keep, lambda _: 1)
        batch = Batch("m", note.keys, {}, note)
        await course.resume(batch, at_once)
        return batch, not await notes.unfinished()

    return asyncio.run(go())


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def test_an_intention_that_never_reached_the_endpoint_is_dropped(ledger: Ledger) -> None:
    batch, closed = resumed(ledger, Scripted(None, None))
    assert closed
    assert batch.failed.keys() == {"a", "b"}


def test_a_batch_that_the_endpoint_no_longer_knows_is_dropped(ledger: Ledger) -> None:
    gone = BatchState(refused=Unavailable("Gone.", "Again."))
    batch, closed = resumed(ledger, Scripted(gone), identity="batch-1")
    assert closed
    assert all(isinstance(error, Unavailable) for error in batch.failed.values())


def test_requests_that_an_expired_batch_did_not_get_to_have_failed(ledger: Ledger) -> None:
    batch, closed = resumed(ledger, Scripted(BatchState(ended=True), ["a"]), identity="batch-1")
    assert closed
    assert (batch.answered, batch.failed.keys()) == ({"a"}, {"b"})


def test_a_refusal_that_concerns_all_is_raised(ledger: Ledger) -> None:
    refused = BatchState(refused=ProviderError("No such model.", "Check it."))
    with pytest.raises(ProviderError, match="No such model"):
        resumed(ledger, Scripted(refused), identity="batch-1")
