import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.overlaps import chrf, common_subsequence, rouge_l

TEXTS = st.text(st.sampled_from("ab 가나3."), max_size=12)


@pytest.mark.parametrize(
    ("answer", "reference", "language", "value"),
    [
        ("the cat sat on the mat", "the cat is on the mat", "en", 2 * 3 / 8),
        ("mat the on cat", "cat on mat", "en", 2 * 1 / 6),
        ("기준금리는 연 3.50%", "연 3.50%", "ko", 2 * 5 / 15),
        ("", "cat", "en", 0.0),
        ("the", "a", "en", 1.0),
    ],
)
def test_rouge_l_by_hand(answer, reference, language, value):
    assert rouge_l(answer, reference, language) == pytest.approx(value)


@pytest.mark.parametrize(
    ("answer", "reference", "value"),
    [
        ("ab", "abc", 7 / 11),
        ("abc", "ab", 5 * (7 / 12) / (4 * (7 / 12) + 1)),
        ("a b", "ab", 1.0),
        ("xy", "ab", 0.0),
        ("금리", "금리는", 7 / 11),
        ("", "", 1.0),
        ("", "a", 0.0),
    ],
)
def test_chrf_by_hand(answer, reference, value):
    assert chrf(answer, reference) == pytest.approx(value)


@given(TEXTS, TEXTS)
def test_both_are_shares_and_1_for_the_same_text(one, other):
    for value in (rouge_l(one, other, "en"), chrf(one, other)):
        assert 0 <= value <= 1 + 1e-9
    assert rouge_l(one, one, "ko") == 1
    assert chrf(one, one) == pytest.approx(1)


@given(TEXTS, TEXTS)
def test_a_subsequence_is_found_whichever_text_comes_first(one, other):
    assert common_subsequence(list(one), list(other)) == common_subsequence(list(other), list(one))
    assert common_subsequence(list(one), list(one + other)) == len(one)
