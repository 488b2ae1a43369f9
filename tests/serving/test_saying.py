"""Several choices at once: all is said, in each choice's order, and all end together."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.serve_config import ServeConfig
from raftune.serving.chat_request import ChatQuery
from raftune.serving.said import Said
from raftune.serving.saying import sampling, together


class Choices:
    """Choices that say their numbers, and note how they ended."""

    def __init__(self) -> None:
        self.ended: list[int] = []

    async def choice(self, number: int, steps: list[int], *, fails: bool = False) -> AsyncIterator[Said]:
        try:
            for place, waits in enumerate(steps):
                for _ in range(waits):
                    await asyncio.sleep(0)
                yield Said(f"{number}.{place} ")
            if fails:
                raise ValueError
        finally:
            self.ended.append(number)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), max_size=5), min_size=1, max_size=4))
def test_all_is_said_in_order(steps: list[list[int]]) -> None:
    made = Choices()

    async def hear() -> list[str]:
        heard = [""] * len(steps)
        async for number, said in together([made.choice(number, one) for number, one in enumerate(steps)]):
            heard[number] += said.content
        return heard

    expected = ["".join(f"{number}.{place} " for place in range(len(one))) for number, one in enumerate(steps)]
    assert asyncio.run(hear()) == expected
    assert sorted(made.ended) == list(range(len(steps)))


def test_one_that_fails_ends_the_others() -> None:
    made = Choices()

    async def hear() -> None:
        async for _ in together([made.choice(0, [0], fails=True), made.choice(1, [1] * 1000)]):
            pass

    with pytest.raises(ValueError):  # noqa: PT011
        asyncio.run(hear())
    assert sorted(made.ended) == [0, 1]


def test_leaving_ends_all() -> None:
    made = Choices()

    async def hear() -> None:
        spoken = together([made.choice(0, [1] * 100), made.choice(1, [1] * 100)])
        await anext(spoken)
        await spoken.aclose()  # type: ignore[attr-defined]

    asyncio.run(hear())
    assert sorted(made.ended) == [0, 1]


@given(st.integers(), st.integers(1, 10**6), st.integers(1, 4000), st.floats(0, 1))
def test_limits_hold_whatever_is_asked(seed: int, most: int, room: int, top_p: float) -> None:
    config = ServeConfig(max_tokens=100, temperature=0.5)
    query = ChatQuery(model="m", messages=[{"role": "user", "content": "x"}], max_tokens=most, top_p=top_p)  # type: ignore[list-item]
    found = sampling(query, config, seed, room)
    assert found.max_tokens == min(most, 100, room)
    assert 0 <= found.seed < 1 << 32
    assert 0 < found.top_p <= 1
    assert found.temperature == (0.5 if top_p else 0)
