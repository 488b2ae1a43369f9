import pytest

from raftune.gates.language import plug
from tests.gates.candidates import candidate


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How many ports did the Agency inspect?", "en"),
        ("Which city is written 서울?", "en"),
        ('What does "항만공사는 2021년에 설립되었다" describe in English?', "en"),
        ("항만은 몇 곳입니까?", "ko"),
        ("Debian GNU/Linux의 X Window System은 무엇입니까?", "ko"),
    ],
)
def test_the_passage_s_language_passes(question: str, language: str) -> None:
    assert plug().fault(candidate(question, language=language)) is None


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("항만은 몇 곳입니까?", "en"),
        ("How many ports did the Agency inspect?", "ko"),
        ("港口有多少个？", "en"),
        ("Сколько портов проверило агентство?", "ko"),
    ],
)
def test_another_language_does_not(question: str, language: str) -> None:
    assert plug().fault(candidate(question, language=language))
