import pytest

from raftune.gates.stands_alone import plug
from tests.gates.candidates import candidate

GOOD = [
    "How many ports did the Agency inspect in 2021?",
    "Which documents must a harbour pilot carry?",
    "What is the purpose of the Harbour Act of 1987?",
    "Where did the temperature rise above 30 degrees in 2021?",
    'Regarding "Ports", which number completes "It is the text of ____ rules"?',
    "What information must a bank disclose?",
    "What does the Board say about its articles of association?",
]
BAD = [
    "What does the passage say about ports?",
    "What is the main point of sentence_3?",
    "How many ports are listed in this table?",
    "According to the above text, how many ports are there?",
    "Which ports are mentioned?",
    "What are they required to do?",
    "What are these requirements based on?",
    "It was inspected by which agency in 2021?",
    "Which agency is described in the document?",
    "How much does this report say ports cost?",
]
KOREAN_BAD = [
    "위 지문에 따르면 항만은 몇 곳입니까?",
    "이 문서에서 설명하는 항만은 무엇입니까?",
    "다음 표에 있는 항만은 몇 곳입니까?",
    "이는 무엇을 의미합니까?",
    "지문에서 언급한 면허는 무엇입니까?",
]
KOREAN_GOOD = [
    "2021년에 공단이 점검한 항만은 몇 곳입니까?",
    "선장이 출항 전에 제출해야 하는 문서는 무엇입니까?",
    '"항만"에 관한 설명 "다음 표는 ____곳이다"에서 빈칸에 들어갈 수치는 무엇입니까?',
]


@pytest.mark.parametrize("question", GOOD)
def test_questions_that_stand_alone_pass(question: str) -> None:
    assert plug().fault(candidate(question)) is None


@pytest.mark.parametrize("question", BAD)
def test_questions_that_point_at_something_do_not(question: str) -> None:
    assert plug().fault(candidate(question))


@pytest.mark.parametrize("question", KOREAN_GOOD)
def test_korean_questions_that_stand_alone_pass(question: str) -> None:
    assert plug().fault(candidate(question, language="ko")) is None


@pytest.mark.parametrize("question", KOREAN_BAD)
def test_korean_questions_that_point_at_something_do_not(question: str) -> None:
    assert plug().fault(candidate(question, language="ko"))
