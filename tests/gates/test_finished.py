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


def test_an_answer_that_was_cut_inside_a_word_is_broken() -> None:
    quote = f"It is activated {'only during manual flight and ' * 4}when climbing aggressively or performing turns."
    assert plug().fault(candidate(final=quote[: quote.index("forming")], quote=quote))
    assert plug().fault(candidate(final=quote[: quote.index(" turns")], quote=quote)) is None
    assert plug().fault(candidate(final="port", quote="The Agency inspects ports.")) is None


def test_dots_for_what_is_missing_are_no_end() -> None:
    assert plug().fault(candidate(final="a programme to replace the machines,..."))
