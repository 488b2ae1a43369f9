import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from raftune.batching.notes import BatchNotes
from raftune.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield ledger
    ledger.close()


def test_a_batch_is_known_from_its_intention_to_its_end(ledger: Ledger) -> None:
    async def go() -> None:
        notes = BatchNotes(ledger, "here")
        note = await notes.intend("m", ("a", "b"))
        assert await notes.unfinished() == [note]
        sent = await notes.submitted(note, "batch-1")
        assert await BatchNotes(ledger, "here").unfinished() == [sent]
        assert (sent.label, sent.keys, sent.id) == (note.label, ("a", "b"), "batch-1")
        await notes.closed(sent)
        assert await notes.unfinished() == []

    asyncio.run(go())


def test_endpoints_do_not_see_each_other_and_labels_differ(ledger: Ledger) -> None:
    async def go() -> None:
        one, other = BatchNotes(ledger, "one"), BatchNotes(ledger, "other")
        first, second = await one.intend("m", ("a",)), await one.intend("m", ("a",))
        assert first.label != second.label
        assert await one.unfinished() == [first, second]
        assert await other.unfinished() == []

    asyncio.run(go())


def test_a_batch_costs_nothing_by_itself(ledger: Ledger) -> None:
    asyncio.run(BatchNotes(ledger, "here").intend("m", ("a",)))
    assert ledger.spent() == {}
