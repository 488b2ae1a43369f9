"""Nobody passes a full gate, places come back, and a closed gate lets nobody through."""

import asyncio

import pytest

from raftune.errors import ProviderError
from raftune.limiting.gate import GRACE, Gate
from raftune.limiting.turns import Turn
from tests.virtual_time import run


def gate(room: int, seconds: float = 0.0) -> tuple[Gate, list[int]]:
    sent: list[int] = []
    return Gate(lambda: room, lambda _: seconds, lambda turn: sent.append(turn.number)), sent


def test_places_are_given_in_order_and_come_back() -> None:
    async def work() -> None:
        place, sent = gate(2)
        waiting = [asyncio.ensure_future(place.enter(number, 1, 1)) for number in range(4)]
        await asyncio.sleep(1.0)
        assert sent == [0, 1]
        waiting[2].cancel()
        await place.leave()
        await asyncio.sleep(1.0)
        assert sent == [0, 1, 3]
        await asyncio.gather(*waiting, return_exceptions=True)
        assert place.in_flight == 2

    run(work())


def test_a_place_given_in_the_moment_of_a_cancellation_is_not_lost() -> None:
    async def work() -> None:
        place, _ = gate(1)
        await place.enter(0, 1, 1)
        waiting = asyncio.ensure_future(place.enter(1, 1, 1))
        await asyncio.sleep(1.0)
        await place.leave()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await place.enter(2, 1, 1)
        assert place.in_flight == 1

    run(work())


def test_time_that_is_missing_passes() -> None:
    async def work() -> float:
        loop = asyncio.get_running_loop()
        due = loop.time() + 7.0

        def wait(_: Turn) -> float:
            return due - loop.time()

        place = Gate(lambda: 1, wait, lambda _: None)
        await place.enter(0, 1, 1)
        return loop.time() - due

    assert 0.0 <= run(work()) < 0.1


@pytest.mark.parametrize("stays", [0.5, 60.0])
def test_a_closed_gate_tells_all_once_what_is_in_flight_has_ended(stays: float) -> None:
    async def work() -> float:
        place, sent = gate(2)
        loop = asyncio.get_running_loop()
        await place.enter(0, 1, 1)
        await place.enter(1, 1, 1)
        waiting = [asyncio.ensure_future(place.enter(number, 1, 1)) for number in range(2, 300)]
        await asyncio.sleep(1.0)
        place.close(ProviderError("The key is refused.", "Check it."))
        place.close(ProviderError("Later.", "Too late."))
        closed = loop.time()
        staying = loop.call_later(stays, lambda: asyncio.ensure_future(place.leave()))
        await place.leave()
        results = await asyncio.gather(*waiting, return_exceptions=True)
        staying.cancel()
        assert sent == [0, 1]
        assert {str(result) for result in results} == {"The key is refused. Check it."}
        return loop.time() - closed

    assert run(work()) == pytest.approx(min(stays, GRACE), abs=0.1)
