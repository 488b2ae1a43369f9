"""What is tested is not trained."""

from tests.checks.audit_rows import findings, trace


def test_an_oracle_in_two_splits_is_found_in_the_later_one() -> None:
    rows = [trace(1, split="test", oracle=7), trace(2, oracle=7), trace(3, split="test", oracle=8)]
    assert findings("split_leak", rows) == [(1, "test: its oracle also stands in train")]


def test_a_group_in_two_splits_is_found() -> None:
    rows = [trace(1, group="a"), trace(2, split="validation", group="a"), trace(3, split="test", group="b")]
    assert [line for line, _ in findings("split_leak", rows)] == [2]
