"""An answer rests on a quote."""

from tests.checks.audit_rows import applies, fault


def test_an_answer_without_quotes_is_found() -> None:
    assert fault("no_quotes") is None
    assert fault("no_quotes", quotes=()) is not None


def test_calls_and_refusals_need_none() -> None:
    assert not applies("no_quotes", quotes=(), call=True)
    assert not applies("no_quotes", quotes=(), final="The documents do not hold the answer.")
