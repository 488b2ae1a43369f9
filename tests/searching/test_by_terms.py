import asyncio
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.searching import by_terms
from raftune.searching.by_terms import TermSearch

TEXTS = [
    "The Agency inspected 73 ports during 2021.",
    "Licences are renewed every two years.",
    "The Agency hires inspectors for ports and bridges.",
    "항만공사는 2021년에 항만 73곳을 점검하였다.",
    "도선사 면허는 2년마다 갱신한다.",
]
WORDS = st.sampled_from(
    ["ports", "ship", "2021", "항만", "항만공사는", "도선사 면허", "the", "갱신", "fee", "!?", "\n"]
)
SOME_TEXTS = st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=90)


def search(queries: Sequence[str], count: int, texts: Sequence[str] = TEXTS) -> list[list[int]]:
    retriever = TermSearch()
    asyncio.run(retriever.index(texts))
    return asyncio.run(retriever.nearest(queries, count))


def nearest(query: str, count: int, texts: Sequence[str] = TEXTS) -> list[int]:
    return search([query], count, texts)[0]


def test_the_text_with_the_query_s_words_comes_first() -> None:
    assert nearest("How often are licences renewed?", 1) == [1]


def test_korean_endings_and_spaces_do_not_matter() -> None:
    assert nearest("면허를 갱신하는 주기는?", 1) == [4]
    assert nearest("항만을 몇 곳 점검했습니까?", 1) == [3]
    assert nearest("항만 공사", 1, ["공사 현장", "항만공사", "항만"]) == [1]


def test_as_many_as_there_are() -> None:
    assert sorted(nearest("ports", 99)) == [0, 1, 2, 3, 4]
    assert nearest("ports", 0) == []


def test_equal_scores_are_ordered_by_position() -> None:
    assert nearest("ports", 3, ["ports"] * 4) == [0, 1, 2]
    assert nearest("nothing shared", 3) == [0, 1, 2]
    assert nearest("ports ships", 3, ["ports", "ships ships", "ports", "ports", "bridges"]) == [1, 0, 2]


@pytest.mark.parametrize("texts", [[], [""], ["", "!?"]])
def test_collections_without_words(texts: list[str]) -> None:
    assert nearest("ports", 5, texts) == list(range(len(texts)))


@pytest.mark.parametrize("query", ["", "?!", "unknown"])
def test_queries_without_known_words(query: str) -> None:
    assert nearest(query, 2) == [0, 1]


def test_no_queries() -> None:
    assert search([], 3) == []


def test_a_new_collection_takes_the_place_of_the_old() -> None:
    retriever = TermSearch()
    asyncio.run(retriever.index(TEXTS))
    asyncio.run(retriever.index(["bridges", "ports"]))
    assert asyncio.run(retriever.nearest(["ports"], 9)) == [[1, 0]]


def test_terms_of_many_texts_tell_nothing_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["ports ships", "ports", "ports ports", "bridges"]
    assert nearest("ports", 1, texts) == [2]
    monkeypatch.setattr(by_terms, "MANY", 0)
    assert nearest("ports", 1, texts) == [0]


@given(SOME_TEXTS, st.lists(WORDS, max_size=4), st.integers(0, 100))
def test_all_scores_decide_and_a_batch_gives_the_same_as_its_queries(
    texts: list[str], words: list[str], count: int
) -> None:
    retriever = TermSearch()
    asyncio.run(retriever.index(texts))
    scores = np.empty(len(texts), dtype=np.float32)
    expected = []
    for query in [*words, " ".join(words)]:
        retriever.score(query, scores)
        expected.append(sorted(range(len(texts)), key=lambda place: (-scores[place], place))[:count])
    assert asyncio.run(retriever.nearest([*words, " ".join(words)], count)) == expected


@given(SOME_TEXTS, WORDS, st.randoms())
def test_scores_belong_to_texts_not_to_places(texts: list[str], query: str, generator: Random) -> None:
    mixed = generator.sample(texts, len(texts))
    assert scored(query, texts) == scored(query, mixed)


def scored(query: str, texts: Sequence[str]) -> list[tuple[float, str]]:
    """Each text with its score, in an order of their own."""
    retriever = TermSearch()
    asyncio.run(retriever.index(texts))
    [(places, scores)] = retriever.ranked([query], len(texts))
    return sorted(zip(scores.tolist(), (texts[place] for place in places), strict=True))
