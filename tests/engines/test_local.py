import asyncio
from collections.abc import Iterator

import pytest

from raftune.engines.local import plug


async def work(row: int) -> int:
    await asyncio.sleep(0.001 * (row % 3))
    if row == 99:
        raise ValueError("row 99")
    return row * row


def run(rows: list[int], at_once: int) -> list[tuple[int, int]]:
    async def collect() -> list[tuple[int, int]]:
        return [pair async for pair in plug.each(rows, work, at_once)]

    return asyncio.run(collect())


@pytest.mark.parametrize("at_once", [1, 2, 7, 100])
def test_results_come_in_the_order_of_the_rows(at_once: int) -> None:
    assert run(list(range(20)), at_once) == [(row, row * row) for row in range(20)]
    assert run([], at_once) == []


def test_rows_are_read_no_further_than_the_window() -> None:
    read: list[int] = []

    def rows() -> Iterator[int]:
        for row in range(100):
            read.append(row)
            yield row

    async def first() -> None:
        pairs = plug.each(rows(), work, 5)
        assert await anext(pairs) == (0, 0)
        await pairs.aclose()  # type: ignore[attr-defined]

    asyncio.run(first())
    assert len(read) == 5


def test_at_most_so_many_are_worked_on() -> None:
    running = most = 0

    async def count(row: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1

    async def all_rows() -> None:
        async for _ in plug.each(range(30), count, 4):
            pass

    asyncio.run(all_rows())
    assert most == 4


@pytest.mark.parametrize("at_once", [1, 3])
def test_an_error_comes_through_and_ends_the_rest(at_once: int) -> None:
    ended: list[int] = []

    async def slow(row: int) -> int:
        try:
            if row:
                await asyncio.sleep(30)
        finally:
            ended.append(row)
        return await work(99)

    async def go() -> None:
        with pytest.raises(ValueError, match="row 99"):
            async for _ in plug.each(range(3), slow, at_once):
                pass
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(go())
    assert sorted(ended) == list(range(at_once))


def test_several_errors_leave_none_unlooked_at(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(row: int) -> int:
        raise ValueError(str(row))

    async def go() -> None:
        with pytest.raises(ValueError, match="0"):
            async for _ in plug.each(range(3), fail, 3):
                pass

    asyncio.run(go())
    assert not caplog.records
