import asyncio

import pytest

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.costs import Price
from raftune.errors import ConfigError, OverBudget
from raftune.meter import Meter
from raftune.wrappers.metered import MeteredModel, most_tokens

REQUEST = ChatRequest(model="m", messages=(ChatMessage(role="user", content="Hi"),), max_tokens=100)

PRICE = Price(1.0, 10.0)


class Counting:
    def __init__(self) -> None:
        self.calls = 0

    async def complete(self, request: ChatRequest) -> ChatReply:
        self.calls += 1
        await asyncio.sleep(0)
        return ChatReply(text="Hello", finish_reason="stop", prompt_tokens=1000, completion_tokens=100)


def metered(model: Counting, meter: Meter, price: Price | None = PRICE) -> MeteredModel:
    return MeteredModel(model, meter, price, lambda _: 1000)


def call(model: MeteredModel, times: int = 1, *, at_once: bool = False) -> None:
    async def go() -> None:
        if at_once:
            for found in await asyncio.gather(*(model.complete(REQUEST) for _ in range(times)), return_exceptions=True):
                if isinstance(found, BaseException):
                    raise found
        for _ in range(0 if at_once else times):
            await model.complete(REQUEST)

    asyncio.run(go())


def test_requests_tokens_and_dollars_are_counted() -> None:
    meter = Meter()
    call(metered(Counting(), meter), 3)
    assert (meter.usage.requests, meter.usage.prompt_tokens, meter.usage.completion_tokens) == (3, 3000, 300)
    assert meter.dollars == pytest.approx(0.006)


@pytest.mark.parametrize("at_once", [True, False])
def test_no_call_is_made_that_could_pass_the_budget(*, at_once: bool) -> None:
    model, meter = Counting(), Meter(limit=0.0059)
    with pytest.raises(OverBudget, match=r"spent \$0\.0040 of its \$0\.0059"):
        call(metered(model, meter), 5, at_once=at_once)
    assert model.calls == 2
    assert meter.dollars == pytest.approx(0.004)


def test_models_that_share_a_meter_share_the_budget() -> None:
    meter, other = Meter(limit=0.002), Counting()
    call(metered(Counting(), meter))
    with pytest.raises(OverBudget):
        call(metered(other, meter))
    assert other.calls == 0


def test_an_unknown_price_is_not_zero() -> None:
    meter = Meter()
    call(metered(Counting(), meter, None))
    assert (meter.dollars, meter.unpriced) == (0.0, 1)


def test_a_budget_cannot_be_held_without_a_price() -> None:
    with pytest.raises(ConfigError, match="price of m is not known"):
        call(metered(Counting(), Meter(limit=1.0), None))


def test_where_nobody_counts_a_byte_is_a_token() -> None:
    message = ChatMessage(role="user", content="항만")
    plain = ChatRequest(model="m", messages=(message,), max_tokens=1)
    assert most_tokens(plain) == 6 + 8
    assert most_tokens(plain.model_copy(update={"reply_schema": {"type": "object"}})) > 14


def test_what_an_endpoint_does_not_count_is_estimated() -> None:
    class Silent(Counting):
        async def complete(self, request: ChatRequest) -> ChatReply:
            return ChatReply(text="Hello", finish_reason="stop", prompt_tokens=0, completion_tokens=0)

    meter = Meter()
    model = MeteredModel(Silent(), meter, PRICE, lambda request: len(request.messages[0].content))
    reply = asyncio.run(model.complete(REQUEST))
    assert (reply.prompt_tokens, reply.completion_tokens) == (2, 5)
    assert (meter.usage.prompt_tokens, meter.usage.completion_tokens) == (2, 5)
