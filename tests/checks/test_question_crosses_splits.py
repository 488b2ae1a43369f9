"""A question is asked in one split."""

from tests.checks.audit_rows import findings, trace


def test_twins_of_two_splits_are_found() -> None:
    rows = [
        trace(2, twin="rows.jsonl:1", twin_split="train"),
        trace(3, twin="rows.jsonl:1", twin_split="test"),
    ]
    assert [line for line, _ in findings("question_crosses_splits", rows)] == [3]
