import pytest

from raftune.gates.leaks_answer import plug
from tests.gates.candidates import candidate


@pytest.mark.parametrize(
    ("question", "final", "language"),
    [
        ("Did the Agency inspect 73 ports?", "73 ports", "en"),
        ("Is the Harbour Act a law?", "The Harbour Act", "en"),
        ("In 2,894 inspections, how many were there?", "2,894", "en"),
        ("항만공사가 점검한 곳은 항만공사입니까?", "항만공사", "ko"),
    ],
)
def test_an_answer_inside_the_question_is_a_fault(question: str, final: str, language: str) -> None:
    assert plug().fault(candidate(question, final, language=language))


@pytest.mark.parametrize(
    ("question", "final", "language"),
    [
        ("How many ports did the Agency inspect?", "73 ports", "en"),
        ("Which share of 73 ports was open in 2021?", "3", "en"),
        ("What was 1.25 percent in 2021?", "25", "en"),
        ("How many ports are there?", "", "en"),
        ("2021년에 항만은 몇 곳입니까?", "21곳", "ko"),
    ],
)
def test_an_answer_of_its_own_passes(question: str, final: str, language: str) -> None:
    assert plug().fault(candidate(question, final, language=language)) is None
