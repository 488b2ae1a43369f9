from typing import Any

import pytest

from raftune.verifying.agreement import agree, figures, is_unknown
from tests.support import make_answer, make_chunk


def answer(final: str, question: str = "What holds in 2021?", language: Any = "en", **changes: Any) -> Any:
    return make_answer(make_chunk("A sentence.", language=language), question, final).changed(**changes)


@pytest.mark.parametrize(
    ("given", "final", "language"),
    [
        ("73", "73 ports", "en"),
        ("Seventy-three; that is, 73 ports were inspected in 2021.", "73 ports", "en"),
        ("three members", "3 members", "en"),
        ("$1,200", "1200 dollars", "en"),
        ("5.250 percent", "5.25 percent", "en"),
        ("the Board of Governors of the Federal Reserve", "Board of Governors", "en"),
        ("higher than in 2020", "higher", "en"),
        ("30일 이내", "신청일부터 30일", "ko"),
        ("금융위원회의 승인", "금융위원회 승인", "ko"),
        ("한국은행이", "한국은행", "ko"),
    ],
)
def test_the_same_in_other_words_agrees(given: str, final: str, language: str) -> None:
    assert agree(given, answer(final, language=language))


@pytest.mark.parametrize(
    ("given", "final", "language"),
    [
        ("74 ports", "73 ports", "en"),
        ("in 2021", "73 ports", "en"),
        ("the Treasury", "Board of Governors", "en"),
        ("not stated", "73 ports", "en"),
        ("The passage does not mention the fee.", "30 dollars", "en"),
        ("알 수 없음", "30일", "ko"),
        ("60일 이내", "30일", "ko"),
        ("금융감독원", "한국은행", "ko"),
        ("no", "yes", "en"),
    ],
)
def test_another_answer_does_not(given: str, final: str, language: str) -> None:
    assert not agree(given, answer(final, language=language))


def test_figures_of_the_question_count_for_nothing() -> None:
    assert figures("In 2021, 1,200.50 and three") == {"2021", "1200.5", "3"}
    assert agree("2021", answer("the rate of 2021", "What rate was it in 2021?"), strict=False) is False


def test_strict_agreement_needs_nearly_the_same_words() -> None:
    long = answer("limiting the speed of ferries near the coast")
    assert agree("limiting speed of ferries near the coast", long, strict=True)
    assert not agree("protecting the coast", long, strict=True)


@pytest.mark.parametrize("text", ["not stated", "Unknown.", "알 수 없음", "I do not know", "알 수 없습니다."])
def test_no_answer_is_told(text: str) -> None:
    assert is_unknown(text)
