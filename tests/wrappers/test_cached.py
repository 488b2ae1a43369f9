import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from raftune.contracts import ChatMessage, ChatModel, ChatReply, ChatRequest
from raftune.costs import Price
from raftune.errors import BadReply, ProviderError, Unavailable
from raftune.ledger import Ledger
from raftune.meter import Meter
from raftune.wrappers.cached import CachedModel
from raftune.wrappers.metered import MeteredModel
from raftune.wrappers.retried import RetriedModel


class Slow:
    def __init__(self, fault: ProviderError | None = None, seconds: float = 0.02) -> None:
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


class Waiting:
    """Stands between ledger and model as a limiter does: holds requests back until it is told."""

    def __init__(self, model: ChatModel) -> None:
        self.model = model
        self.open = asyncio.Event()

    async def complete(self, request: ChatRequest) -> ChatReply:
        await self.open.wait()
        return await self.model.complete(request)


async def left_alone(cached: CachedModel, started: asyncio.Event, callers: int = 2) -> None:
    """Asks, and goes away."""
    tasks = [asyncio.ensure_future(cached.complete(request())) for _ in range(callers)]
    await asyncio.wait_for(started.wait(), 5)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def test_what_was_sent_is_kept_though_nobody_waits_for_it(ledger: Ledger) -> None:
    model = Slow()
    cached = CachedModel(MeteredModel(model, Meter(), None), ledger)

    async def go() -> None:
        await left_alone(cached, model.started)
        await cached.drain(5.0)

    asyncio.run(go())
    assert model.cancelled == 0
    assert ledger.recall(request().key)["text"] == "reply 1"


def test_what_takes_too_long_is_given_up(ledger: Ledger) -> None:
    model = Slow(seconds=30.0)
    cached = CachedModel(MeteredModel(model, Meter(), None), ledger)

    async def go() -> None:
        await left_alone(cached, model.started)
        await cached.drain(0.05)
        await cached.drain(0.05)

    asyncio.run(go())
    assert model.cancelled == 1
    assert ledger.count("chat", "run") == 0


def test_who_comes_back_in_time_gets_the_reply_that_was_under_way(ledger: Ledger) -> None:
    model = Slow()
    cached = CachedModel(MeteredModel(model, Meter(), None), ledger)

    async def go() -> str:
        await left_alone(cached, model.started)
        return (await cached.complete(request())).text

    assert asyncio.run(go()) == "reply 1"


def test_what_was_not_sent_yet_is_never_sent(ledger: Ledger) -> None:
    model = Slow()
    waiting = Waiting(MeteredModel(model, Meter(), None))
    cached = CachedModel(waiting, ledger)

    async def go() -> None:
        ready = asyncio.Event()
        ready.set()
        await left_alone(cached, ready)
        waiting.open.set()
        await cached.drain(5.0)

    asyncio.run(go())
    assert model.calls == 0


def test_a_request_nobody_waits_for_is_not_sent_again(ledger: Ledger) -> None:
    model = Slow(Unavailable("Away.", "Wait."))
    cached = CachedModel(RetriedModel(MeteredModel(model, Meter(), None), first=0.001), ledger)

    async def go() -> None:
        await left_alone(cached, model.started)
        await cached.drain(5.0)

    asyncio.run(go())
    assert model.calls == 1


def test_the_end_of_the_event_loop_stops_what_is_open(ledger: Ledger) -> None:
    model = Slow(seconds=30.0)
    cached = CachedModel(MeteredModel(model, Meter(), None), ledger)
    asyncio.run(left_alone(cached, model.started))
    assert model.cancelled == 1
    model.seconds = 0.0
    assert asyncio.run(cached.complete(request())).text == "reply 2"


def test_what_a_reply_cost_is_noted(ledger: Ledger) -> None:
    asyncio.run(CachedModel(Slow(), ledger, stage="ask", price=Price(1e6, 2e6)).complete(request()))
    asyncio.run(CachedModel(Slow(), ledger, stage="ask").complete(request("another")))
    first, second = ledger.actions()
    assert (first.stage, first.model, first.prompt_tokens, first.completion_tokens, first.dollars) == (
        "ask",
        "m",
        1,
        2,
        5.0,
    )
    assert second.dollars is None


def test_a_refresh_asks_once_anew(ledger: Ledger) -> None:
    model = Slow()
    asyncio.run(CachedModel(model, ledger).complete(request()))
    again = CachedModel(model, ledger, refresh=True)
    assert [asyncio.run(again.complete(request())).text for _ in range(2)] == ["reply 2", "reply 2"]
    assert asyncio.run(CachedModel(model, ledger).complete(request())).text == "reply 2"
