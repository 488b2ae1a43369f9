import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.errors import BadReply
from raftune.ledger import Ledger
from raftune.wrappers.cached import CachedModel


class Slow:
    def __init__(self, fault: BadReply | None = None, seconds: float = 0.02) -> None:
        self.seconds = seconds
        self.started = asyncio.Event()
        self.calls = 0
        self.cancelled = 0
        self.fault = fault

    async def complete(self, request: ChatRequest) -> ChatReply:
        self.calls += 1
        self.started.set()
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.fault:
            raise self.fault
        return ChatReply(text=f"reply {self.calls}", finish_reason="stop", prompt_tokens=1, completion_tokens=2)


def request(text: str = "Hi") -> ChatRequest:
    return ChatRequest(model="m", messages=(ChatMessage(role="user", content=text),), max_tokens=5)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield ledger
    ledger.close()


def test_a_reply_is_remembered_across_runs(ledger: Ledger) -> None:
    model = Slow()
    first = asyncio.run(CachedModel(model, ledger).complete(request()))
    assert asyncio.run(CachedModel(model, ledger).complete(request())) == first
    assert model.calls == 1
    assert ledger.count("chat", "run") == 1


def test_of_a_picture_the_ledger_keeps_the_digest_only(ledger: Ledger) -> None:
    message = ChatMessage(role="user", content="Look", images=("data:image/png;base64," + "A" * 100_000,))
    asked = ChatRequest(model="m", messages=(message,), max_tokens=5)
    model = Slow()
    first = asyncio.run(CachedModel(model, ledger).complete(asked))
    assert asyncio.run(CachedModel(model, ledger).complete(asked)) == first
    [row] = ledger.export("chat")
    assert row["key"] == asked.key
    assert len(row["request"]["messages"][0]["images"][0]) == 32


def test_equal_requests_in_flight_are_sent_once(ledger: Ledger) -> None:
    model = Slow()
    cached = CachedModel(model, ledger)

    async def go() -> list[ChatReply]:
        return await asyncio.gather(*(cached.complete(request(text)) for text in "aabab"))

    replies = asyncio.run(go())
    assert model.calls == 2
    assert replies[0] == replies[1] == replies[3]


def test_errors_are_not_remembered_and_reach_all_who_wait(ledger: Ledger) -> None:
    model = Slow(BadReply("Empty.", "Mend."))
    cached = CachedModel(model, ledger)

    async def go() -> list[ChatReply | BaseException]:
        return await asyncio.gather(*(cached.complete(request()) for _ in range(3)), return_exceptions=True)

    assert all(isinstance(result, BadReply) for result in asyncio.run(go()))
    assert model.calls == 1
    model.fault = None
    assert asyncio.run(cached.complete(request())).text == "reply 2"


def test_one_who_leaves_does_not_stop_the_others(ledger: Ledger) -> None:
    model = Slow()
    cached = CachedModel(model, ledger)

    async def go() -> str:
        leaving, staying = (asyncio.ensure_future(cached.complete(request())) for _ in range(2))
        await model.started.wait()
        leaving.cancel()
        return (await staying).text

    assert asyncio.run(go()) == "reply 1"
    assert model.cancelled == 0


def test_the_last_one_who_leaves_stops_the_call(ledger: Ledger) -> None:
    model = Slow(seconds=30.0)
    cached = CachedModel(model, ledger)

    async def go() -> None:
        tasks = [asyncio.ensure_future(cached.complete(request())) for _ in range(2)]
        await model.started.wait()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(go())
    assert model.cancelled == 1
    assert ledger.count("chat", "run") == 0


def test_a_refresh_asks_once_anew(ledger: Ledger) -> None:
    model = Slow()
    asyncio.run(CachedModel(model, ledger).complete(request()))
    again = CachedModel(model, ledger, refresh=True)
    assert [asyncio.run(again.complete(request())).text for _ in range(2)] == ["reply 2", "reply 2"]
    assert asyncio.run(CachedModel(model, ledger).complete(request())).text == "reply 2"
