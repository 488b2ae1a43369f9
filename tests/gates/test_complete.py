import dataclasses
from typing import Any

import pytest

from raftune.gates.complete import plug
from tests.gates.candidates import candidate

GOOD = [
    "How many ports did the Agency inspect in 2021?",
    "Name the two agencies that inspect ports.",
    "In 2021, what did the U.S. Agency inspect?",
    'Regarding "Ports", which number completes "The Agency inspected ____ ports. It paid $5.5 million"?',
]
GOOD_KOREAN = [
    "2021년에 공단이 점검한 항만은 몇 곳입니까?",
    "도선사 면허의 유효 기간은 무엇인가",
    "공단의 의무를 설명하시오.",
]
BAD = [
    "",
    "Why?",
    "The Agency inspected 73 ports.",
    "ports that the Agency inspected in 2021?",
    "How many ports are there? Which of them are unsafe?",
    "How many " + "very " * 70 + "old ports are there?",
]


@pytest.mark.parametrize("question", GOOD)
def test_complete_questions_pass(question: str) -> None:
    assert plug().fault(candidate(question)) is None


@pytest.mark.parametrize("question", GOOD_KOREAN)
def test_complete_korean_questions_pass(question: str) -> None:
    assert plug().fault(candidate(question, language="ko")) is None


@pytest.mark.parametrize("question", BAD)
def test_other_texts_do_not(question: str) -> None:
    assert plug().fault(candidate(question))


def test_a_korean_statement_is_no_question() -> None:
    assert plug().fault(candidate("공단은 2021년에 항만 73곳을 점검하였다.", language="ko"))


@pytest.mark.parametrize(
    "question",
    [
        "What does the borrower do after Step?",
        "Which fee applies to balances below?",
        "What applies to accounts with more than $?",
        "What does the Board pay to the?",
    ],
)
def test_questions_that_were_cut_are_stopped(question: str) -> None:
    assert plug().fault(candidate(question)) == "ends in the middle of a sentence"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Which character is in P.L. Travers's third book?", "en"),
        ("What was the Fed established for?", "en"),
        ("<대승오온론>에서 결과는 몇 가지입니까?", "ko"),
        ("science의 뜻은 무엇입니까?", "ko"),
        ("김홍집이 소개한 책은 무엇입니까?(두 권)", "ko"),
        ("F.G. 스위니가 표본을 발견한 것은 언제입니까?", "ko"),
    ],
)
def test_real_questions_pass(question: str, language: Any) -> None:
    assert plug().fault(candidate(question, language=language)) is None


def test_a_call_is_told_not_asked() -> None:
    told = dataclasses.replace(
        candidate("Translate this English text into Korean with a model of the hub."), kind="call"
    )
    assert plug().fault(told) is None


def test_a_task_may_take_a_few_sentences() -> None:
    task = "We run a harbour. Photos of containers come in all day. Find the text on them."
    changed = dataclasses.replace(candidate(task), kind="call")
    assert plug().fault(changed) is None
    assert plug().fault(candidate(task)) is not None
