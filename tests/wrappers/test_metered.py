import asyncio

import pytest

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.costs import Price
from raftune.errors import ConfigError, OverBudget
from raftune.meter import Meter
from raftune.wrappers.metered import MeteredModel

REQUEST = ChatRequest(model="m", messages=(ChatMessage(role="user", content="Hi"),), max_tokens=5)


class Counting:
    calls = 0

    async def complete(self, request: ChatRequest) -> ChatReply:
        self.calls += 1
        return ChatReply(text="Hello", finish_reason="stop", prompt_tokens=1000, completion_tokens=100)


def call(model: MeteredModel, times: int = 1) -> None:
    async def go() -> None:
        for _ in range(times):
            await model.complete(REQUEST)

    asyncio.run(go())


def test_requests_tokens_and_dollars_are_counted() -> None:
    meter = Meter()
    call(MeteredModel(Counting(), meter, Price(1.0, 10.0)), 3)
    assert (meter.usage.requests, meter.usage.prompt_tokens, meter.usage.completion_tokens) == (3, 3000, 300)
    assert meter.dollars == pytest.approx(0.006)


def test_no_call_is_made_once_the_budget_is_spent() -> None:
    model = Counting()
    with pytest.raises(OverBudget, match=r"\$0\.00"):
        call(MeteredModel(model, Meter(limit=0.004), Price(1.0, 10.0)), 5)
    assert model.calls == 2


def test_models_that_share_a_meter_share_the_budget() -> None:
    meter, price = Meter(limit=0.002), Price(1.0, 10.0)
    call(MeteredModel(Counting(), meter, price))
    other = Counting()
    with pytest.raises(OverBudget):
        call(MeteredModel(other, meter, price))
    assert other.calls == 0


def test_an_unknown_price_is_not_zero() -> None:
    meter = Meter()
    call(MeteredModel(Counting(), meter, None))
    assert (meter.dollars, meter.unpriced) == (0.0, 1)


def test_a_budget_cannot_be_held_without_a_price() -> None:
    with pytest.raises(ConfigError, match="price of m is not known"):
        call(MeteredModel(Counting(), Meter(limit=1.0), None))
