"""Two rankings become one."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import numpy as np

from raftune.searching.by_both import nearest_by_both


def ranking(places: list[int], scores: list[float]) -> Any:
    return np.array(places, np.int32), np.array(scores, np.float32)


class Terms:
    def ranked(self, queries: Sequence[str], count: int) -> Iterator[Any]:
        yield from (ranking([0, 1, 2], [5, 4, 0]) for _ in queries)


class Vectors:
    async def ranked(self, queries: Sequence[str], count: int) -> AsyncIterator[Any]:
        for _ in queries:
            yield ranking([3, 1, 0], [9, 8, 1])


def test_what_either_finds_by_the_sum_of_stretched_scores() -> None:
    # 0: 0.8 + 0; 1: 0.8 * 0.8 + 0.2 * 7 / 8; 3: 0.2
    assert asyncio.run(nearest_by_both(Terms(), Vectors(), ["a", "b"], 3, 5)) == [[1, 0, 3]] * 2
    assert asyncio.run(nearest_by_both(Terms(), Vectors(), [], 3, 5)) == []
