from raftune.gates.concise import plug
from tests.gates.candidates import candidate


def test_a_short_answer_passes() -> None:
    assert plug().fault(candidate()) is None


def test_the_whole_quote_is_no_answer() -> None:
    assert plug().fault(candidate(final=candidate().quote)) == "nearly the whole quote"


def test_three_quarters_are_the_limit() -> None:
    quote = "a" * 100
    assert plug().fault(candidate(final="a" * 75, quote=quote)) is None
    assert plug().fault(candidate(final="a" * 76, quote=quote))


def test_a_short_quote_may_be_the_answer() -> None:
    assert plug().fault(candidate(final="All ports are open.", quote="All ports are open.")) is None


def test_an_empty_answer_is_a_fault() -> None:
    assert plug().fault(candidate(final=" ")) == "no answer"
