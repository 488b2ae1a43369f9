"""Without its oracle a row quotes nothing."""

from tests.checks.audit_rows import applies, fault


def test_quotes_without_their_oracle_are_found() -> None:
    assert fault("quote_without_oracle", shown=False) is not None
    assert fault("quote_without_oracle", shown=False, quotes=()) is None
    assert not applies("quote_without_oracle")
