import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.costs import Price, Usage
from raftune.errors import ConfigError, OverBudget
from raftune.meter import Meter
from raftune.remembering.spending import Spending

DOLLAR = Price(input=1_000_000.0, output=1_000_000.0)  # a token costs a dollar


def test_a_meter_without_limit_lets_all_calls_go() -> None:
    meter = Meter()
    meter.add(Usage(1, 10**9, 10**9), Price(10.0, 10.0))
    assert meter.fits(10.0**9)
    assert not Meter(limit=0.0).fits(0.01)


def test_a_limit_needs_a_price() -> None:
    Meter().priced("m", None)
    Meter(limit=1.0).priced("m", DOLLAR)
    with pytest.raises(ConfigError, match="price of m is not known"):
        Meter(limit=1.0).priced("m", None)


def test_each_stage_has_its_sums() -> None:
    meter = Meter(stage="ask")
    meter.add(Usage(1, 2, 3), DOLLAR)
    meter.stage = "answer"
    meter.add(Usage(2, 10, 10), None)
    assert meter.stages == {"ask": Spending(1, 2, 3, 5.0, 0), "answer": Spending(2, 10, 10, 0.0, 2)}


async def call(meter: Meter, most: int, used: int, gate: asyncio.Event | None = None) -> bool:
    """Whether a call of at most so many dollars was made."""
    try:
        async with meter.reserved("m", Usage(1, most, 0), DOLLAR):
            if gate is not None:
                await gate.wait()
            meter.add(Usage(1, used, 0), DOLLAR)
    except OverBudget:
        return False
    return True


def test_a_call_that_does_not_fit_waits_for_those_in_flight() -> None:
    async def go() -> None:
        meter, gate = Meter(limit=10.0), asyncio.Event()
        first = asyncio.ensure_future(call(meter, 8, 2, gate))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(call(meter, 8, 3))
        third = asyncio.ensure_future(call(meter, 8, 1))
        await asyncio.sleep(0.01)
        assert not second.done()
        gate.set()
        assert await asyncio.gather(first, second, third) == [True, True, False]
        assert (meter.dollars, meter.held, meter.in_flight) == (5.0, 0.0, 0)

    asyncio.run(go())


def test_the_error_says_what_was_spent_and_what_is_left() -> None:
    meter = Meter(limit=1.0, dollars=0.75)

    async def go() -> None:
        async with meter.reserved("gpt", Usage(1, 2, 0), DOLLAR):
            pytest.fail("it was called")

    with pytest.raises(
        OverBudget, match=r"spent \$0\.75 of its \$1\.00; the next request to gpt may cost \$2\.00, and \$0\.25"
    ):
        asyncio.run(go())


def test_what_is_free_needs_no_budget() -> None:
    meter = Meter(limit=1.0, dollars=1.0)

    async def go() -> None:
        async with meter.reserved("local", Usage(1, 10**6, 10**6), Price(0.0, 0.0)):
            meter.add(Usage(1, 5, 5), Price(0.0, 0.0))

    asyncio.run(go())
    assert meter.usage.requests == 1


def test_a_call_that_fails_gives_its_share_back() -> None:
    meter = Meter(limit=3.0)

    async def go() -> None:
        with pytest.raises(ValueError, match="busy"):
            async with meter.reserved("m", Usage(1, 3, 0), DOLLAR):
                raise ValueError("busy")
        assert await call(meter, 3, 3)

    asyncio.run(go())
    assert meter.dollars == 3.0


def test_who_stops_waiting_takes_nothing_along() -> None:
    async def go() -> None:
        meter = Meter(limit=4.0)
        await meter.reserve(4.0, "m")
        early, late, staying = (asyncio.ensure_future(call(meter, 3, 3)) for _ in range(3))
        await asyncio.sleep(0)
        early.cancel()
        meter.give_back(4.0)
        late.cancel()  # it has its share by now, but did not run yet
        assert await staying
        assert early.cancelled()
        assert late.cancelled()
        assert (meter.dollars, meter.held, meter.waiting) == (3.0, 0.0, [])

    asyncio.run(go())


CALLS = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12), st.booleans()), max_size=25)


@settings(max_examples=150, deadline=None)
@given(calls=CALLS, limit=st.integers(0, 60), seed=st.integers())
def test_the_limit_is_never_passed_and_what_fits_is_called(
    calls: list[tuple[int, int, bool]], limit: int, seed: int
) -> None:
    meter, draw = Meter(limit=float(limit)), random.Random(seed)

    async def one(most: int, less: int) -> bool:
        try:
            async with meter.reserved("m", Usage(1, most, 0), DOLLAR):
                for _ in range(draw.randrange(4)):
                    await asyncio.sleep(0)
                meter.add(Usage(1, max(0, most - less), 0), DOLLAR)
                assert meter.dollars <= limit
        except OverBudget:
            assert meter.in_flight == 0 or meter.dollars + most > limit
            return False
        return True

    async def go() -> None:
        tasks = []
        for most, less, stopped in calls:
            tasks.append((most, asyncio.ensure_future(one(most, less))))
            for _ in range(draw.randrange(3)):
                await asyncio.sleep(0)
            if stopped:
                draw.choice(tasks)[1].cancel()
        found = await asyncio.gather(*(task for _, task in tasks), return_exceptions=True)
        assert (meter.in_flight, meter.held, meter.waiting) == (0, 0.0, [])
        assert meter.dollars <= limit
        refused = [most for (most, _), made in zip(tasks, found, strict=True) if made is False]
        if not any(stopped for *_, stopped in calls):
            assert all(isinstance(made, bool) for made in found)
            assert all(meter.usage.requests or most > limit for most in refused)

    asyncio.run(asyncio.wait_for(go(), 20))
