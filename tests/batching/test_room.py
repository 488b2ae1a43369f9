import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.batching.room import PATIENCE, Room
from raftune.errors import ProviderError, QueueFull

PAUSES: list[float] = []


async def no_sleep(seconds: float) -> None:
    PAUSES.append(seconds)


def full(tokens: int | None = None) -> QueueFull:
    return QueueFull("No room.", "Wait.", tokens)


def test_without_a_refusal_a_batch_may_have_any_size() -> None:
    assert list(Room(1.0).parts([5, 6, 7], lambda item: item)) == [[5, 6, 7]]


def test_the_limit_an_endpoint_tells_leaves_room_for_two_batches() -> None:
    room = Room(1.0, no_sleep)
    asyncio.run(room.refused(5_000, full(1_000)))
    assert room.most == 450


def test_without_a_number_batches_get_half_as_large() -> None:
    room = Room(1.0, no_sleep)
    asyncio.run(room.refused(5_000, full()))
    assert room.most == 2_500


def test_where_others_fill_the_queue_the_size_stays_for_a_while() -> None:
    room = Room(1.0, no_sleep)
    asyncio.run(room.refused(100, full(1_000)))
    assert room.most == 100
    for _ in range(6):
        asyncio.run(room.refused(100, full(1_000)))
    assert room.most == 50


def test_pauses_grow_and_begin_anew_once_a_batch_was_taken() -> None:
    room = Room(2.0, no_sleep)
    PAUSES.clear()
    for _ in range(3):
        asyncio.run(room.refused(10, full()))
    room.accepted()
    asyncio.run(room.refused(10, full()))
    assert PAUSES == [2.0, 4.0, 8.0, 2.0]


def test_patience_ends() -> None:
    room = Room(PATIENCE, no_sleep)

    async def go() -> None:
        for _ in range(1000):
            await room.refused(10, full())

    with pytest.raises(ProviderError, match="larger quota"):
        asyncio.run(go())


@given(st.lists(st.integers(1, 100), max_size=30), st.integers(1, 120))
def test_parts_keep_all_items_in_order_and_fit(items: list[int], most: int) -> None:
    room = Room(1.0)
    room.most = most
    parts = list(room.parts(items, lambda item: item))
    assert [item for part in parts for item in part] == items
    assert all(part and (sum(part) <= most or len(part) == 1) for part in parts)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_batches_in_the_queue_never_pass_the_limit(sizes: list[int]) -> None:
    async def go() -> None:
        room = Room(1.0)
        room.most = 30

        async def batch(tokens: int) -> None:
            await room.enter(tokens)
            assert room.taken <= 60
            await asyncio.sleep(0)
            await room.leave(tokens)

        await asyncio.gather(*(batch(size) for size in sizes))
        assert room.taken == 0

    asyncio.run(go())
