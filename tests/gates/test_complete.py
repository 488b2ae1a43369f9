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
