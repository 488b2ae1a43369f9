"""What is tested is not shown in training."""

from tests.checks.audit_rows import findings, trace


def test_an_oracle_shown_as_distractor_is_found() -> None:
    rows = [trace(1, documents=(5, 7), oracle=5), trace(2, split="test", oracle=7), trace(3, split="test", oracle=9)]
    assert [line for line, _ in findings("test_shown_in_training", rows)] == [2]


def test_an_oracle_of_training_is_another_fault() -> None:
    rows = [trace(1, documents=(5, 7), oracle=7), trace(2, split="test", oracle=7)]
    assert findings("test_shown_in_training", rows) == []
