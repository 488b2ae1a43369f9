"""Quotes are of the oracle."""

from tests.checks.audit_rows import OTHER, applies, fault


def test_a_quote_of_a_distractor_is_found() -> None:
    assert fault("quote_from_distractor") is None
    assert "distractor" in (fault("quote_from_distractor", quotes=(OTHER,)) or "")
    assert not applies("quote_from_distractor", shown=None)
