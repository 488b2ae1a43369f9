import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.comparison import (
    answer_f1,
    character_f1,
    contains_verbatim,
    find_composed,
    find_verbatim,
    is_evidence,
    is_grounded,
    lenient_answer,
    normalise_answer,
    overlap_f1,
    quoted_spans,
    says_unknown,
    token_f1,
)


def test_english_answers_lose_case_punctuation_and_articles():
    assert normalise_answer("The  Federal Reserve's, a Board!", "en") == "federal reserves board"
    assert normalise_answer("“An” anthem", "en") == "anthem"


def test_korean_answers_lose_marks_but_no_words():
    assert normalise_answer("《한국은행법》 제1조.", "ko") == "한국은행법 제1조"
    assert normalise_answer("a 등급", "ko") == "a 등급"


def test_the_decimal_point_counts():
    assert normalise_answer("3.5 %", "en") == "3.5"
    assert normalise_answer("1,000.", "en") == "1000"
    assert character_f1("연 3.5%", "연 35%") < 1


def test_decomposed_hangul_equals_composed_hangul():
    assert normalise_answer("\u1112\u1161\u11ab", "ko") == "한"


def test_token_f1_by_hand():
    # {30, euros, per, month} and {30, euros}: precision 2/4, recall 2/2, F1 2/3.
    assert token_f1("30 euros per month", "30 euros") == 2 / 3
    assert token_f1("nothing", "30 euros") == 0
    # "ten" twice counts once against one "ten": precision 1/2, recall 1.
    assert token_f1("ten ten", "ten") == 2 / 3


def test_yes_and_no_get_nothing_for_other_words():
    assert token_f1("yes it does", "yes") == 0
    assert token_f1("Yes.", "yes") == 1


def test_character_f1_by_hand():
    # 금융위원회에서 (7) and 금융위원회 (5) share 5: 2 * 5 / 12.
    assert character_f1("금융위원회에서", "금융위원회") == 10 / 12
    # 연 3.5%입니다 is 연3.5입니다 (7); 연 3.5% is 연3.5 (4): 2 * 4 / 11.
    assert character_f1("연 3.5%입니다", "연 3.5%") == 8 / 11
    assert character_f1("5억 원", "5억원") == 1


def test_the_language_chooses_the_f1():
    assert answer_f1("금융위원회에서", "금융위원회", "ko") > 0.8
    assert answer_f1("금융위원회에서", "금융위원회", "en") == 0


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_overlap_is_symmetric_and_between_0_and_1(first, second):
    assert 0 <= overlap_f1(first, second) == overlap_f1(second, first) <= 1
    assert overlap_f1(first, first) == 1


def test_a_quote_may_differ_in_white_space_and_the_shape_of_marks():
    text = "He said: “the rate\n  is 3–4 %” in\tMay."
    assert find_verbatim('"the rate is 3-4 %"', text) == (9, 30)
    assert text[9:30] == "“the rate\n  is 3–4 %”"


def test_a_quote_may_not_differ_in_anything_else():
    assert not contains_verbatim("The Rate is 3 %", "the rate is 3 %")
    assert not contains_verbatim("the rate is 4 %", "the rate is 3 %")
    assert not contains_verbatim("이자율은 연 3%", "이자율은 연 3.5%")
    assert not contains_verbatim("  ", "anything")


def test_marks_of_regular_expressions_are_plain_text():
    assert contains_verbatim("a (b) [c]* $5.00", "so: a (b) [c]*  $5.00!")
    assert not contains_verbatim("a.c", "abc")


def test_hangul_is_found_in_either_form():
    assert contains_verbatim("한국", "대\u1112\u1161\u11ab국")


def test_short_quotes_are_no_evidence():
    assert not is_evidence("5 %")
    assert not is_evidence("of the")
    assert is_evidence("is 5 %")
    assert is_evidence("한국은행의통화정책목표")


def test_grounded_needs_evidence_and_nothing_made_up():
    texts = ["The fee is 30 euros.", "It opens at nine."]
    assert is_grounded(["fee is 30 euros", "30"], texts)
    assert not is_grounded(["30"], texts)
    assert not is_grounded([], texts)
    assert not is_grounded(["fee is 30 euros", "fee is 31 euros"], texts)


def test_quotation_marks_of_both_languages():
    text = 'It says "the fee is 30 euros" and "fee", 「월 수수료는 30유로로 한다」.\n> The office opens at nine.'
    assert quoted_spans(text) == ("the fee is 30 euros", "월 수수료는 30유로로 한다", "The office opens at nine.")


def test_the_lenient_answer_prefers_the_mark():
    assert lenient_answer("30 euros", "Long talk. 30 euros", ()) == "30 euros"


def test_the_lenient_answer_takes_what_follows_a_label():
    assert lenient_answer(None, "**Answer:** 30 euros\n\nExplanation: it says so.", ()) == "30 euros"
    assert lenient_answer(None, "So the answer is: 30 euros.\nGood luck!", ()) == "30 euros."
    assert lenient_answer(None, "문서에 따르면\n정답: 30유로", ()) == "30유로"


def test_the_lenient_answer_falls_back_on_the_last_line_then_on_the_last_quote():
    assert lenient_answer(None, "First.\n\nThe fee is 30 euros.\n", ()) == "The fee is 30 euros."
    assert lenient_answer(None, "fee is 30 euros 30 euros", ("fee is 30 euros",)) == "30 euros"
    assert lenient_answer("", "fee is 30 euros", ("fee is 30 euros",)) == "fee is 30 euros"
    assert lenient_answer(None, " \n", ()) == ""


def test_ordinary_ways_to_say_that_it_is_not_there():
    for text in (
        "The documents do not contain information about this.",
        "The provided context doesn't mention the fee.",
        "This is not mentioned in the documents.",
        "There is no information about fees in the given passages.",
        "I cannot find it.",
        "문서에는 수수료에 대한 정보가 없습니다.",
        "제공된 자료에 해당 내용이 나와 있지 않습니다.",
        "주어진 정보만으로는 알 수 없습니다.",
    ):
        assert says_unknown(text), text


def test_answers_that_only_look_like_it():
    for text in (
        "No documents are needed.",
        "The Board may not lend to its members.",
        "It cannot exceed 30 euros.",
        "서류를 낼 필요가 없습니다.",
        "30일을 넘지 않습니다.",
    ):
        assert not says_unknown(text), text


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_quote_is_found_in_text_of_another_form(form: Any) -> None:
    text = unicodedata.normalize(form, "앞의 말. 항만공사는  항만을 점검한다. Après tout.")
    for quote in ("항만공사는 항만을 점검한다.", "Après tout."):
        span = find_composed(quote, text)
        assert span is not None
        assert " ".join(unicodedata.normalize("NFC", text[slice(*span)]).split()) == quote
    assert find_composed("항만공사가", text) is None
    assert find_composed("", text) is None
