import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raftune.batching.notes import BatchNotes
from raftune.contracts import BatchState, ChatMessage, ChatReply, ChatRequest
from raftune.costs import Price
from raftune.errors import BadReply, OverBudget, ProviderError, QueueFull, Unavailable
from raftune.ledger import Ledger
from raftune.meter import Meter
from raftune.wrappers.batched import BatchedModel
from raftune.wrappers.cached import CachedModel

PRICE = Price(1.0, 10.0)
AGAIN = Unavailable("For now.", "Wait.")

Outcome = ChatReply | ProviderError


class Killed(BaseException):
    """What kill -9 is to a process: nothing that comes after it is done."""


class Service:
    """An endpoint that outlives the runs that use it. `fail` says what a request gives the n-th time it is answered."""

    def __init__(self, fail: Callable[[str, int], Outcome | None] = lambda key, turn: None) -> None:
        self.fail = fail
        self.batches: dict[str, tuple[str, list[str]]] = {}
        self.answers: dict[str, dict[str, Outcome]] = {}
        self.turns: Counter[str] = Counter()
        self.paid: Counter[str] = Counter()
        self.refusals: list[ProviderError] = []
        self.sizes: list[int] = []

    def make(self, keys: list[str], label: str) -> str:
        self.sizes.append(len(keys))
        name = f"batch-{len(self.batches)}"
        self.batches[name] = label, keys
        self.answers[name] = {key: self.answer(key) for key in keys}
        return name

    def answer(self, key: str) -> Outcome:
        self.turns[key] += 1
        outcome = self.fail(key, self.turns[key])
        if outcome is None:
            self.paid[key] += 1
            return ChatReply(text=f"reply to {key}", finish_reason="stop", prompt_tokens=100, completion_tokens=10)
        return outcome


class Client:
    """A run's view of the service; it is killed before its `last` step, or never."""

    def __init__(self, service: Service, last: int = -1) -> None:
        self.service = service
        self.left = last
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        if self.left == 0:
            raise Killed
        self.left -= 1

    def line(self, custom_id: str, request: ChatRequest) -> bytes:
        return custom_id.encode()

    async def submit(self, lines: Iterable[bytes], label: str) -> str:
        keys = [line.decode() for line in lines]
        self.step()
        if self.service.refusals:
            raise self.service.refusals.pop(0)
        name = self.service.make(keys, label)
        self.step()
        return name

    async def adopt(self, label: str) -> str | None:
        self.step()
        return next((name for name, (found, _) in self.service.batches.items() if found == label), None)

    async def state(self, batch: str) -> BatchState:
        self.step()
        await asyncio.sleep(0)
        return BatchState(ended=True)

    async def results(
        self, batch: str, requests: Mapping[str, ChatRequest]
    ) -> AsyncIterator[tuple[str, ChatReply | ProviderError]]:
        self.step()
        for key, outcome in self.service.answers[batch].items():
            yield key, outcome


class Mortal(Ledger):
    """A ledger whose commits are steps of a client too."""

    client: Client | None = None

    async def commit(self, *actions: Any) -> None:
        if self.client:
            self.client.step()
        await super().commit(*actions)
        if self.client:
            self.client.step()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield ledger
    ledger.close()


def requests(count: int, model: str = "m") -> list[ChatRequest]:
    return [
        ChatRequest(model=model, messages=(ChatMessage(role="user", content=str(number)),), max_tokens=10)
        for number in range(count)
    ]


async def quickly(seconds: float) -> None:
    await asyncio.sleep(0)


def batched(client: Client, ledger: Ledger, meter: Meter | None = None, **options: Any) -> BatchedModel:
    options = {"gather": 0.005, "sleep": quickly, "count": lambda _: 100, **options}
    return BatchedModel(client, ledger, name="here", meter=meter or Meter(), price=PRICE, **options)


def ask(model: BatchedModel, ledger: Ledger, asked: Sequence[ChatRequest]) -> list[ChatReply | BaseException]:
    """What comes of requests that are asked at once, by the ledger."""

    async def go() -> list[ChatReply | BaseException]:
        cached = CachedModel(model, ledger, price=PRICE)
        try:
            return await asyncio.gather(*(cached.complete(request) for request in asked), return_exceptions=True)
        finally:
            model.close()

    return asyncio.run(go())


def texts(outcomes: Sequence[ChatReply | BaseException]) -> list[str]:
    return [one.text if isinstance(one, ChatReply) else type(one).__name__ for one in outcomes]


def test_requests_that_are_asked_together_are_one_batch(ledger: Ledger) -> None:
    service, asked = Service(), requests(20)
    assert texts(ask(batched(Client(service), ledger), ledger, asked)) == [f"reply to {one.key}" for one in asked]
    assert service.sizes == [20]
    assert ledger.count("chat", "run") == 20
    assert next(ledger.actions(kind="chat")).request["messages"] != []


def test_a_batch_has_a_size_and_one_model(ledger: Ledger) -> None:
    service = Service()
    ask(batched(Client(service), ledger, most=8), ledger, requests(20))
    assert service.sizes == [8, 8, 4]
    ask(batched(Client(service), ledger), ledger, requests(3, "one") + requests(4, "other"))
    assert sorted(service.sizes[3:]) == [3, 4]


def test_only_what_failed_is_sent_again(ledger: Ledger) -> None:
    asked = requests(10)
    failing = {one.key for one in asked[:5]}
    service = Service(lambda key, turn: AGAIN if key in failing and turn < 3 else None)
    assert texts(ask(batched(Client(service), ledger), ledger, asked)) == [f"reply to {one.key}" for one in asked]
    assert service.sizes == [10, 5, 5]


def test_after_four_batches_a_request_is_given_up(ledger: Ledger) -> None:
    service = Service(lambda key, turn: AGAIN)
    assert texts(ask(batched(Client(service), ledger), ledger, requests(2))) == ["Unavailable"] * 2
    assert service.sizes == [2] * 4


def test_a_fault_of_one_row_is_raised_for_it_alone(ledger: Ledger) -> None:
    asked = requests(3)
    service = Service(lambda key, turn: BadReply("Too long.", "Cut it.", "too long") if key == asked[1].key else None)
    found = ask(batched(Client(service), ledger), ledger, asked)
    assert texts(found)[1] == "BadReply"
    assert [isinstance(one, ChatReply) for one in found] == [True, False, True]


def test_a_final_error_ends_all_and_keeps_what_was_paid(ledger: Ledger) -> None:
    asked = requests(4)
    final = ProviderError("The quota is used up.", "Add credit.")
    service = Service(lambda key, turn: final if key == asked[3].key else None)
    model = batched(Client(service), ledger)
    assert texts(ask(model, ledger, asked))[3] == "ProviderError"
    assert ledger.count("chat", "run") == 3
    assert texts(ask(model, ledger, requests(5)[4:])) == ["ProviderError"]
    assert len(service.sizes) == 1


def test_a_full_queue_is_waited_for_and_batches_get_smaller(ledger: Ledger) -> None:
    service = Service()
    service.refusals = [QueueFull("No room.", "Wait.", 1000)]
    asked = requests(10)
    assert texts(ask(batched(Client(service), ledger), ledger, asked)) == [f"reply to {one.key}" for one in asked]
    assert service.sizes == [4, 4, 2]
    assert set(service.paid.values()) == {1}


def test_the_budget_is_held_and_counted(ledger: Ledger) -> None:
    service, meter = Service(), Meter(limit=0.00085)
    found = texts(ask(batched(Client(service), ledger, meter), ledger, requests(10)))
    assert found.count("OverBudget") == 6
    assert meter.dollars == pytest.approx(0.0008)
    assert sum(service.sizes) == 4
    assert OverBudget.__name__ in found


def test_what_nobody_asked_for_yet_is_kept_and_paid_for_once(ledger: Ledger) -> None:
    service, asked = Service(), requests(6)
    service.make([one.key for one in asked], "theirs")

    async def noted() -> None:
        notes = BatchNotes(ledger, "here")
        await notes.submitted(await notes.intend("m", tuple(one.key for one in asked)), "batch-0")

    asyncio.run(noted())
    meter = Meter()
    model = batched(Client(service), ledger, meter, stage="ask")
    assert texts(ask(model, ledger, asked[:2])) == [f"reply to {one.key}" for one in asked[:2]]
    assert ledger.count("chat", "run") == 6
    assert meter.usage.requests == 6
    assert ledger.spent()["ask"].requests == 4  # the others are noted by those who asked
    assert texts(ask(model, ledger, asked)) == [f"reply to {one.key}" for one in asked]
    assert len(service.batches) == 1


def test_who_asks_twice_waits_once(ledger: Ledger) -> None:
    service, model = Service(), None

    async def go() -> None:
        model = batched(Client(service), ledger)
        one = requests(1)[0]
        first, second = await asyncio.gather(model.complete(one), model.complete(one))
        assert first == second == await model.complete(one)
        model.close()

    asyncio.run(go())
    assert model is None
    assert service.sizes == [1]


def run_until_killed(path: Path, service: Service, asked: Sequence[ChatRequest], last: int) -> tuple[bool, int]:
    """Whether a run was killed before its `last` step, and how many it took. What it had in mind is lost."""
    ledger = Mortal(path)
    client = ledger.client = Client(service, last)
    try:
        found = ask(batched(client, ledger, most=4), ledger, asked)
    except Killed:
        return True, client.steps
    finally:
        ledger.client = None
        ledger.close()
    killed = any(isinstance(one, Killed) for one in found)
    assert killed or texts(found) == [f"reply to {one.key}" for one in asked]
    return killed, client.steps


def once(key: str, turn: int) -> Outcome | None:
    return AGAIN if int(key[:2], 16) % 2 and turn == 1 else None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 60), max_size=4))
def test_killed_at_any_moments_no_request_is_paid_twice(tmp_path: Path, kills: list[int]) -> None:
    service, asked = Service(once), requests(10)
    path = tmp_path / f"{'-'.join(map(str, kills))}.sqlite"
    path.unlink(missing_ok=True)
    for last in kills:
        run_until_killed(path, service, asked, last)
    killed, _ = run_until_killed(path, service, asked, -1)
    assert not killed
    assert service.paid == {one.key: 1 for one in asked}


def test_killed_at_each_moment_no_request_is_paid_twice(tmp_path: Path) -> None:
    steps = run_until_killed(tmp_path / "whole.sqlite", Service(once), requests(10), -1)[1]
    assert steps > 20
    for last in range(steps):
        service, path = Service(once), tmp_path / f"{last}.sqlite"
        run_until_killed(path, service, requests(10), last)
        assert run_until_killed(path, service, requests(10), -1)[0] is False
        assert service.paid == {one.key: 1 for one in requests(10)}, last
