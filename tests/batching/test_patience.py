import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import pytest

from raftune.batching.patience import ATTEMPTS, Patience, Results
from raftune.contracts import BatchState, ChatReply, ChatRequest
from raftune.errors import ProviderError, QueueFull, Unavailable

AWAY = Unavailable("Away.", "Wait.")
REPLY = ChatReply(text="Hello", finish_reason="stop", prompt_tokens=1, completion_tokens=1)


class Scripted:
    """Does what the next item of a list says: an error is raised, anything else is the answer."""

    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.calls: list[str] = []

    def next(self, name: str) -> Any:
        self.calls.append(name)
        found = self.script.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def line(self, custom_id: str, request: ChatRequest) -> bytes:
        return b""

    async def submit(self, lines: Iterable[bytes], label: str) -> str:
        return str(self.next("submit"))

    async def adopt(self, label: str) -> str | None:
        found = self.next("adopt")
        return None if found is None else str(found)

    async def state(self, batch: str) -> BatchState:
        state: BatchState = self.next("state")
        return state

    async def results(
        self, batch: str, requests: Mapping[str, ChatRequest]
    ) -> AsyncIterator[tuple[str, ChatReply | ProviderError]]:
        for name in self.next("results"):
            if isinstance(name, Exception):
                raise name
            yield name, REPLY


def patience(batches: Scripted, pauses: list[float] | None = None) -> Patience:
    async def sleep(seconds: float) -> None:
        if pauses is not None:
            pauses.append(seconds)

    return Patience(batches, 30.0, sleep)


def test_a_lost_answer_is_looked_for_before_a_batch_is_handed_in_again() -> None:
    batches = Scripted(AWAY, "batch-7")
    assert asyncio.run(patience(batches).hand_in(list, "label")) == "batch-7"
    assert batches.calls == ["submit", "adopt"]
    batches = Scripted(AWAY, None, "batch-8")
    assert asyncio.run(patience(batches).hand_in(list, "label")) == "batch-8"
    assert batches.calls == ["submit", "adopt", "submit"]


def test_handing_in_is_given_up_where_the_endpoint_stays_away_or_has_no_room() -> None:
    batches = Scripted(*[AWAY] * ATTEMPTS)
    with pytest.raises(Unavailable):
        asyncio.run(patience(batches).hand_in(list, "label"))
    batches = Scripted(QueueFull("Full.", "Wait."))
    with pytest.raises(QueueFull):
        asyncio.run(patience(batches).hand_in(list, "label"))
    assert batches.calls == ["submit"]


def test_a_batch_that_was_just_sent_is_looked_for_twice() -> None:
    assert asyncio.run(patience(Scripted(None, "batch-1")).find("label")) == "batch-1"
    assert asyncio.run(patience(Scripted(None, None)).find("label")) is None


def test_an_endpoint_may_be_away_for_as_long_as_it_likes() -> None:
    pauses: list[float] = []
    batches = Scripted(*[AWAY] * 200, BatchState(), AWAY, BatchState(ended=True))
    assert asyncio.run(patience(batches, pauses).end_of("batch-1")).ended
    assert pauses[0] == 1.0
    assert max(pauses) == 30.0
    assert sum(pauses) > 5_000


def test_a_wrong_key_ends_the_waiting() -> None:
    with pytest.raises(ProviderError, match="refuses the key"):
        asyncio.run(patience(Scripted(ProviderError("It refuses the key.", "Check it."))).end_of("batch-1"))


def test_results_that_break_off_are_fetched_again() -> None:
    taken: list[str] = []

    async def take(results: Results) -> None:
        taken.extend(name for name, _ in results)
        assert len(results) <= 2

    batches = Scripted(["a", "b", "c", AWAY], ["a", "b", "c", "d"])
    asyncio.run(patience(batches).results("batch-1", {}, take, 2))
    assert taken == ["a", "b", "a", "b", "c", "d"]
