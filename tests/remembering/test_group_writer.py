import asyncio
import threading
from collections.abc import Sequence

import pytest

from raftune.errors import StoreError
from raftune.remembering.group_writer import GroupWriter


class Slow:
    """Writes nothing on before it is allowed to."""

    def __init__(self, fault: BaseException | None = None) -> None:
        self.allowed = threading.Event()
        self.groups: list[list[int]] = []
        self.fault = fault

    def __call__(self, items: Sequence[int]) -> None:
        self.allowed.wait()
        self.groups.append(list(items))
        if self.fault:
            raise self.fault


async def write(writer: GroupWriter[int], slow: Slow, numbers: range) -> list[BaseException | None]:
    waiting = [asyncio.ensure_future(writer.written([number])) for number in numbers]
    await asyncio.sleep(0.05)
    slow.allowed.set()
    return await asyncio.gather(*waiting, return_exceptions=True)


def test_who_comes_while_it_writes_shares_the_next_group() -> None:
    slow = Slow()
    writer = GroupWriter(slow)
    assert asyncio.run(write(writer, slow, range(50))) == [None] * 50
    writer.close()
    assert [item for group in slow.groups for item in group] == list(range(50))
    assert len(slow.groups) <= 3


def test_an_error_reaches_each_caller_of_the_group() -> None:
    slow = Slow(StoreError("The disk is full.", "Make room."))
    writer = GroupWriter(slow)
    found = asyncio.run(write(writer, slow, range(20)))
    assert all(isinstance(one, StoreError) and one.message == "The disk is full." for one in found)
    assert len({id(one) for one in found}) == 20
    slow.fault = None
    assert asyncio.run(write(writer, slow, range(1))) == [None]
    writer.close()


def test_other_errors_are_not_swallowed() -> None:
    slow = Slow(OverflowError("too much"))
    writer = GroupWriter(slow)
    slow.allowed.set()
    with pytest.raises(OverflowError):
        asyncio.run(writer.written([1]))
    writer.close()


def test_an_event_loop_that_ended_is_passed_over() -> None:
    slow = Slow()
    writer = GroupWriter(slow)

    async def leave() -> None:
        asyncio.ensure_future(writer.written([1]))  # noqa: RUF006 - nobody waits for it
        await asyncio.sleep(0)

    asyncio.run(leave())
    slow.allowed.set()
    writer.close()
    assert slow.groups == [[1]]
