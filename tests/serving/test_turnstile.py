"""Who may go on: never more than there are places, in turns by client, and nothing is lost when one gives up."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.serving.refusals import Refusal
from raftune.serving.turnstile import Turnstile


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def test_clients_take_turns() -> None:
    order: list[str] = []

    async def ask(turnstile: Turnstile, client: str) -> None:
        async with turnstile.turn(client):
            order.append(client)
            await asyncio.sleep(0)

    async def crowd() -> None:
        turnstile = Turnstile(1, 100)
        async with turnstile.turn("first"):
            tasks = [asyncio.create_task(ask(turnstile, client)) for client in "aaaaabbc"]
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)

    run(crowd())
    assert "".join(order) == "abcabaaa"


def test_a_full_line_is_refused() -> None:
    async def crowd() -> Refusal:
        turnstile = Turnstile(1, 1)
        async with turnstile.turn("a"):
            waiting = asyncio.create_task(turnstile.enter("b", 1))
            await asyncio.sleep(0)
            assert turnstile.full
            with pytest.raises(Refusal) as caught:
                await turnstile.enter("c", 1)
        await waiting
        assert (turnstile.taken, turnstile.waiting) == (1, 0)
        return caught.value

    refusal = run(crowd())
    assert refusal.status_code == 429
    assert refusal.headers == {"Retry-After": "2"}


def test_one_that_gives_up_in_line_keeps_no_place() -> None:
    async def crowd() -> None:
        turnstile = Turnstile(2, 5)
        async with turnstile.turn("a"):
            large = asyncio.create_task(turnstile.enter("b", 2))
            small = asyncio.create_task(turnstile.enter("c", 1))
            await asyncio.sleep(0)
            assert not small.done()  # who came first goes first, also where a smaller one would fit
            large.cancel()
            await asyncio.wait([large])
            await small
        assert (turnstile.taken, turnstile.waiting, len(turnstile.lines)) == (1, 0, 0)

    run(crowd())


def test_one_that_gives_up_when_it_is_let_in_keeps_no_place() -> None:
    async def crowd() -> None:
        turnstile = Turnstile(1, 5)
        await turnstile.enter("a", 1)
        waiting = asyncio.create_task(turnstile.enter("b", 1))
        await asyncio.sleep(0)
        turnstile.leave(1)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
        assert (turnstile.taken, turnstile.waiting) == (0, 0)

    run(crowd())


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4), st.integers(0, 3), st.booleans()), max_size=20),
)
def test_places_are_never_exceeded_nor_lost(at_once: int, crowd: list[tuple[str, int, int, bool]]) -> None:
    served = []

    async def ask(turnstile: Turnstile, client: str, places: int, steps: int) -> None:
        async with turnstile.turn(client, places):
            assert turnstile.taken <= at_once
            for _ in range(steps):
                await asyncio.sleep(0)
            served.append(client)

    async def all_of_them() -> None:
        turnstile = Turnstile(at_once, 100)
        tasks = []
        for client, places, steps, leaves in crowd:
            tasks.append(asyncio.create_task(ask(turnstile, client, min(places, at_once), steps)))
            await asyncio.sleep(0)
            if leaves:
                tasks[-1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (turnstile.taken, turnstile.waiting, len(turnstile.lines)) == (0, 0, 0)
        assert all(task.cancelled() or task.exception() is None for task in tasks)

    run(all_of_them())
    assert len(served) >= sum(not leaves for *_, leaves in crowd)
