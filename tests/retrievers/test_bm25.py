import pytest

from raftune.retrievers.bm25 import plug, tokens_of

TEXTS = [
    "The Agency inspected 73 ports during 2021.",
    "Licences are renewed every two years.",
    "The Agency hires inspectors for ports and bridges.",
    "항만공사는 2021년에 항만 73곳을 점검하였다.",
    "도선사 면허는 2년마다 갱신한다.",
]


def nearest(query: str, count: int, texts: list[str] = TEXTS) -> list[int]:
    retriever = plug()
    retriever.index(texts)
    return retriever.nearest(query, count)


def test_the_text_with_the_query_s_words_comes_first() -> None:
    assert nearest("How often are licences renewed?", 1) == [1]


def test_korean_endings_do_not_matter() -> None:
    assert nearest("면허를 갱신하는 주기는?", 1) == [4]
    assert nearest("항만을 몇 곳 점검했습니까?", 1) == [3]


def test_as_many_as_there_are() -> None:
    assert sorted(nearest("ports", 99)) == [0, 1, 2, 3, 4]
    assert nearest("ports", 0) == []


def test_equal_scores_are_ordered_by_position() -> None:
    assert nearest("ports", 3, ["ports"] * 4) == [0, 1, 2]
    assert nearest("nothing shared", 3) == [0, 1, 2]


def test_ties_at_the_cut_are_ordered_by_position() -> None:
    texts = ["ports", "ships ships", "ports", "ports", "bridges"]
    assert nearest("ports ships", 3, texts) == [1, 0, 2]


@pytest.mark.parametrize("texts", [[], [""], ["", "!?"]])
def test_collections_without_words(texts: list[str]) -> None:
    assert nearest("ports", 5, texts) == list(range(len(texts)))


@pytest.mark.parametrize("query", ["", "?!", "unknown"])
def test_queries_without_known_words(query: str) -> None:
    assert nearest(query, 2) == [0, 1]


def test_a_new_collection_takes_the_place_of_the_old() -> None:
    retriever = plug()
    retriever.index(TEXTS)
    retriever.index(["bridges", "ports"])
    assert retriever.nearest("ports", 9) == [1, 0]


def test_tokens() -> None:
    assert list(tokens_of("The ACH-service, 2023")) == ["the", "ach", "service", "2023"]
    assert list(tokens_of("항만공사 면허")) == ["항만공사", "항만", "만공", "공사", "면허"]
