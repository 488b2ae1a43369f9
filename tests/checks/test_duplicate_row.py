"""No row is there twice."""

from tests.checks.audit_rows import findings, trace


def test_the_second_of_two_equal_rows_is_found() -> None:
    found = findings("duplicate_row", [trace(1, content=5), trace(2, content=6), trace(3, content=5)])
    assert [line for line, _ in found] == [3]
