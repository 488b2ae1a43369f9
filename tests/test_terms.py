import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.terms import asked_terms, stem, terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The ACH-services, 2023", ["ach", "servic", "2023"]),
        ("항만공사 면허", ["항만", "만공", "공사", "사면", "면허"]),
        ("항만공\n사", ["항만", "만공", "공사"]),
        ("ACH서비스, 값", ["ach", "서비", "비스", "값"]),
        ("ＦＡＸ 番号", ["fax", "番号"]),
        ("what is the", []),
        ("?!", []),
    ],
)
def test_terms(text: str, found: list[str]) -> None:
    assert terms(text) == found


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("fees", "fee"),
        ("policies", "polic"),
        ("renewed", "renew"),
        ("bus", "bus"),
        ("being", "being"),
        ("cafés", "cafés"),
    ],
)
def test_stems(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


def test_what_only_asks_is_left_out() -> None:
    assert asked_terms("수수료는 얼마입니까?") == terms("수수료는")
    assert asked_terms("영업 인가를 받아야 하는가?") == terms("영업 인가를 받아야 하")
    assert asked_terms("누가 인가를 하는지 무엇이 정하나요") == terms("누가 인가를 하는지 정하")


@given(st.text())
def test_any_text_has_terms_that_are_whole_words_of_it(text: str) -> None:
    assert all(terms(text))
    assert terms(unicodedata.normalize("NFD", text)) == terms(unicodedata.normalize("NFC", text))
