"""Quotes stand in a shown document."""

from tests.checks.audit_rows import OTHER, applies, fault


def test_an_unseen_quote_is_found() -> None:
    assert fault("quote_verbatim") is None
    assert fault("quote_verbatim", quotes=(OTHER,)) is None
    assert "not shown" in (fault("quote_verbatim", quotes=("The harbour charges 50 crowns.",)) or "")


def test_white_space_and_quotation_marks_may_differ() -> None:
    assert fault("quote_verbatim", quotes=("The harbour  charges 40\ncrowns",)) is None


def test_rows_with_other_faults_are_left_to_other_checks() -> None:
    assert not applies("quote_verbatim", shown=False)
    assert not applies("quote_verbatim", target="##begin_quote## a")
