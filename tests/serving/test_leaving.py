"""Work ends with its client, and with its time."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from raftune.serving.leaving import ClientGone, closing, unless_gone, within
from raftune.serving.refusals import Refusal


async def never() -> Any:
    await asyncio.Event().wait()


async def disconnects() -> dict[str, str]:
    await asyncio.sleep(0.01)
    return {"type": "http.disconnect"}


async def seven() -> int:
    return 7


async def fails() -> int:
    raise ValueError


def test_work_that_is_done_in_time() -> None:
    assert asyncio.run(unless_gone(never, seven())) == 7
    with pytest.raises(ValueError):  # noqa: PT011
        asyncio.run(unless_gone(never, fails()))


def test_work_for_nobody_is_cancelled() -> None:
    ended = []

    async def work() -> None:
        try:
            await never()
        finally:
            ended.append(True)

    with pytest.raises(ClientGone):
        asyncio.run(unless_gone(disconnects, work()))
    assert ended == [True]


def test_parts_of_a_body_are_no_leaving() -> None:
    messages = [{"type": "http.request"}, {"type": "http.request"}]

    async def receive() -> Any:
        return messages.pop(0) if messages else await never()

    assert asyncio.run(unless_gone(receive, asyncio.sleep(0.01, 5))) == 5
    assert messages == []


def test_a_deadline() -> None:
    async def late() -> None:
        await within(asyncio.get_running_loop().time() + 0.01, never())

    with pytest.raises(Refusal) as caught:
        asyncio.run(late())
    assert caught.value.status_code == 504


def test_closing_ends_a_generator_that_is_left_early() -> None:
    ended = []

    async def pieces() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            ended.append(True)

    async def first() -> int:
        async with closing(pieces()) as opened:
            async for piece in opened:
                return piece
        return 0

    assert asyncio.run(first()) == 1
    assert ended == [True]
