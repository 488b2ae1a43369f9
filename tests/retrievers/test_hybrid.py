import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from raftune.embedders.hashed import HashedEmbedder
from raftune.retrievers.hybrid import plug

TEXTS = ["The fee is due in May.", "항만공사는 항만을 점검한다.", "Ships are inspected in ports.", "A feeble excuse."]


def search(queries: Sequence[str], count: int, texts: Sequence[str] = TEXTS) -> list[list[int]]:
    retriever = plug(HashedEmbedder(128))
    asyncio.run(retriever.index(texts))
    return asyncio.run(retriever.nearest(queries, count))


def test_words_come_before_their_look_alikes_and_both_before_the_rest() -> None:
    assert search(["What is the fee?"], 2) == [[0, 3]]
    assert search(["항만 점검 결과는?"], 1) == [[1]]


def test_empty_collections_and_queries() -> None:
    assert search(["fee"], 3, []) == [[]]
    assert search([], 3) == []
    assert search(["", "fee"], 0) == [[], []]
    assert search(["fee"], 9, ["fee"] * 4) == [[0, 1, 2, 3]]


@given(st.lists(st.text("ab가나 ", max_size=12), max_size=30), st.lists(st.text("ab가나 ", max_size=8), max_size=5))
def test_a_batch_gives_the_same_as_its_queries(texts: list[str], queries: list[str]) -> None:
    together = search(queries, 4, texts)
    assert together == [search([query], 4, texts)[0] for query in queries]
    assert all(len(set(row)) == min(4, len(texts)) for row in together)
