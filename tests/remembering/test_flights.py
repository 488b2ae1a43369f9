import asyncio

import pytest

from raftune.remembering.flights import CURRENT, Flight, sending


def leave(flight: Flight) -> None:
    flight.abandoned = True
    raise ValueError("busy")


def test_outside_of_a_flight_nothing_is_noted() -> None:
    with sending():
        assert CURRENT.get() is None
    with pytest.raises(ValueError, match="as it is"), sending():
        raise ValueError("as it is")


def test_a_request_is_sent_as_long_as_the_block_lasts() -> None:
    async def go() -> None:
        flight = Flight()
        CURRENT.set(flight)
        with sending():
            assert flight.sent == 1
        assert flight.sent == 0
        with pytest.raises(ValueError, match="again"), sending():
            raise ValueError("again")
        assert flight.sent == 0

    asyncio.run(go())


def test_what_nobody_waits_for_is_not_sent_and_not_sent_again() -> None:
    async def go() -> None:
        flight = Flight()
        CURRENT.set(flight)
        with pytest.raises(asyncio.CancelledError), sending():
            leave(flight)
        with pytest.raises(asyncio.CancelledError), sending():
            pytest.fail("it was sent")

    asyncio.run(go())
