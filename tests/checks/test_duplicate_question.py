"""A question is asked once."""

from tests.checks.audit_rows import findings, trace


def test_twins_of_one_split_are_found_but_for_other_draws() -> None:
    rows = [
        trace(2, twin="rows.jsonl:1", twin_split="train"),
        trace(3, twin="rows.jsonl:1", twin_split="test"),
        trace(4, twin="rows.jsonl:1", twin_split="train", draw=1),
    ]
    assert [line for line, _ in findings("duplicate_question", rows)] == [2]
