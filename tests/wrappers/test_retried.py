import asyncio

import pytest

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.errors import BadReply, ProviderError, Unavailable
from raftune.wrappers.retried import RetriedModel

REQUEST = ChatRequest(model="m", messages=(ChatMessage(role="user", content="Hi"),), max_tokens=5)
REPLY = ChatReply(text="Hello", finish_reason="stop", prompt_tokens=1, completion_tokens=1)


class Faulty:
    def __init__(self, *faults: ProviderError) -> None:
        self.faults = list(faults)
        self.calls = 0

    async def complete(self, request: ChatRequest) -> ChatReply:
        self.calls += 1
        if self.faults:
            raise self.faults.pop(0)
        return REPLY


def away(retry_after: float | None = None) -> Unavailable:
    return Unavailable("Away.", "Wait.", retry_after)


def run(model: Faulty, **options: float) -> tuple[ChatReply, list[float]]:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    retried = RetriedModel(model, sleep=sleep, seed=1, **options)  # type: ignore[arg-type]
    return asyncio.run(retried.complete(REQUEST)), pauses


def test_a_model_that_comes_back_is_asked_again() -> None:
    reply, pauses = run(Faulty(away(), away(), away()))
    assert reply == REPLY
    assert all(0 <= pause <= 2.0**attempt for attempt, pause in enumerate(pauses))
    assert len(pauses) == 3


def test_the_pause_is_never_shorter_than_asked_for() -> None:
    _, pauses = run(Faulty(away(30.0)))
    assert 30.0 <= pauses[0] <= 31.0


def test_the_pause_has_a_ceiling() -> None:
    _, pauses = run(Faulty(*[away()] * 11), attempts=12, longest=4.0)
    assert max(pauses) <= 4.0


def test_the_last_error_stands_after_all_attempts() -> None:
    model = Faulty(*[away()] * 5)
    with pytest.raises(Unavailable):
        run(model, attempts=3)
    assert model.calls == 3


def test_nobody_waits_longer_than_patience() -> None:
    model = Faulty(away(3600.0))
    with pytest.raises(Unavailable):
        run(model)
    assert model.calls == 1


@pytest.mark.parametrize("fault", [ProviderError("No.", "Mend."), BadReply("Empty.", "Mend.")])
def test_final_errors_are_not_retried(fault: ProviderError) -> None:
    model = Faulty(fault)
    with pytest.raises(type(fault)):
        run(model)
    assert model.calls == 1


class Poisoned:
    """Fails for one request and answers the others."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        await asyncio.sleep(0)
        if request.seed == 1:
            raise away()
        return REPLY


def test_a_request_that_fails_while_others_are_answered_is_given_up_alone() -> None:
    async def sleep(_: float) -> None:
        await asyncio.sleep(0)

    async def work() -> list[ChatReply | BaseException]:
        retried = RetriedModel(Poisoned(), attempts=4, sleep=sleep, seed=1)
        requests = [REQUEST.model_copy(update={"seed": seed}) for seed in (1, *range(2, 30))]
        room = asyncio.Semaphore(2)

        async def ask(request: ChatRequest) -> ChatReply:
            async with room:
                return await retried.complete(request)

        return await asyncio.gather(*(ask(request) for request in requests), return_exceptions=True)

    first, *others = asyncio.run(work())
    assert isinstance(first, BadReply)
    assert first.reason == "unavailable"
    assert others == [REPLY] * 28
