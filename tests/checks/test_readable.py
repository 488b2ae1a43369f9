"""Every line is a row."""

from tests.checks.audit_rows import findings, trace


def test_lines_with_a_problem_are_found() -> None:
    assert findings("readable", [trace(1), trace(2, problem="not JSON")]) == [(2, "not JSON")]
