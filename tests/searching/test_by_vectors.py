import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.embedders.hashed import HashedEmbedder
from raftune.errors import ProviderError
from raftune.searching import by_vectors
from raftune.searching.by_vectors import VectorSearch

TEXTS = ["The fee is due in May.", "항만공사는 항만을 점검한다.", "Ships are inspected in ports.", ""]


def search(queries: Sequence[str], count: int, texts: Sequence[str] = TEXTS, dimensions: int = 256) -> list[list[int]]:
    retriever = VectorSearch(HashedEmbedder(dimensions))
    asyncio.run(retriever.index(texts))
    return asyncio.run(retriever.nearest(queries, count))


def test_the_nearest_comes_first() -> None:
    assert [row[0] for row in search(["inspection of ships", "항만 점검", "When is the fee due?"], 2)] == [2, 1, 0]


def test_empty_collections_and_queries() -> None:
    assert search(["ports"], 3, []) == [[]]
    assert search([], 3) == []
    assert search(["ports"], 0) == [[]]
    assert sorted(search([""], 9)[0]) == [0, 1, 2, 3]


def test_equal_texts_are_ordered_by_position_in_all_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_vectors, "BLOCK", 7)
    monkeypatch.setattr(by_vectors, "TEXTS", 5)
    assert search(["ports"], 30, ["ports of call"] * 40) == [list(range(30))]


@given(st.lists(st.text("ab가나 ", max_size=12), max_size=30), st.lists(st.text("ab가나 ", max_size=8), max_size=6))
def test_all_scores_decide_and_a_batch_gives_the_same_as_its_queries(texts: list[str], queries: list[str]) -> None:
    retriever = VectorSearch(HashedEmbedder(64))
    asyncio.run(retriever.index(texts))
    expected = []
    for query in queries:
        [asked] = asyncio.run(retriever.whole([query])).astype(np.int64)
        scores = [] if retriever.vectors is None else (retriever.vectors.astype(np.int64) @ asked).tolist()
        expected.append(sorted(range(len(texts)), key=lambda place: (-scores[place], place))[:5])
    assert asyncio.run(retriever.nearest(queries, 5)) == expected


def test_sums_stay_exact_in_single_precision() -> None:
    rows = np.random.default_rng(1).normal(size=(2, 4096))
    whole = np.abs(np.rint(rows / np.linalg.norm(rows, axis=1, keepdims=True) * by_vectors.STEPS))
    assert (whole[0] * whole[0]).sum() < 2**24


def test_a_new_collection_takes_the_place_of_the_old() -> None:
    retriever = VectorSearch(HashedEmbedder(64))
    asyncio.run(retriever.index(TEXTS))
    asyncio.run(retriever.index(["ports"]))
    assert asyncio.run(retriever.nearest(["fee"], 9)) == [[0]]
    asyncio.run(retriever.index([]))
    assert asyncio.run(retriever.nearest(["fee"], 9)) == [[]]


def test_a_failing_embedder_is_passed_on() -> None:
    class Failing:
        name = "failing"

        async def embed(self, texts: Sequence[str]) -> Any:
            raise ProviderError("The endpoint is away.", "Try again.")

    with pytest.raises(ProviderError):
        asyncio.run(VectorSearch(Failing()).index(["ports"]))
