import asyncio

import pytest

from raftune.blocking import wait_for


async def doubled(number):
    await asyncio.sleep(0)
    if number < 0:
        raise ValueError("negative")
    return 2 * number


def test_it_waits_with_and_without_a_running_loop():
    async def inside():
        return wait_for(doubled(4))

    assert wait_for(doubled(3)) == 6
    assert asyncio.run(inside()) == 8


def test_errors_come_through():
    async def inside():
        wait_for(doubled(-1))

    with pytest.raises(ValueError, match="negative"):
        wait_for(doubled(-1))
    with pytest.raises(ValueError, match="negative"):
        asyncio.run(inside())
