import pytest

from raftune.gates.finished import plug
from tests.gates.candidates import candidate


@pytest.mark.parametrize(
    "final", ["73 ports", "(nine) ports", 'the "Harbour Act"', "U.S. ports", "“Keys to Housing.”", "100 %"]
)
def test_whole_answers_pass(final: str) -> None:
    assert plug().fault(candidate(final=final)) is None


@pytest.mark.parametrize(
    "final",
    [
        "73 ports,",
        "ports and",
        "one of the",
        "well-",
        "ports (nine",
        'the "Harbour',
        "“Keys",
        "73 港口",
        "порт",
        "nine)",
    ],
)
def test_broken_answers_do_not(final: str) -> None:
    assert plug().fault(candidate(final=final))


def test_characters_of_the_quote_are_no_fault() -> None:
    assert plug().fault(candidate(final="港", quote="The sign 港 means port.")) is None


def test_korean_answers() -> None:
    assert plug().fault(candidate(final="한국은행(韓國銀行)", language="ko")) is None
    assert plug().fault(candidate(final="항만 및", language="ko"))
    assert plug().fault(candidate(final="항만 を", language="ko"))
    assert plug().fault(candidate(final="부와", language="ko")) is None
