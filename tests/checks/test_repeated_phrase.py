"""Answers speak of their documents."""

from tests.checks.audit_rows import findings, trace


def test_a_phrase_of_many_answers_is_told_once() -> None:
    phrases = ("is that not convenient", "that not convenient indeed")
    rows = [trace(n, phrases=phrases if n < 20 else (f"only in answer {n}",)) for n in range(200)]
    assert findings("repeated_phrase", rows) == [(0, "20 answers: is that not convenient")]


def test_a_few_answers_are_none() -> None:
    assert findings("repeated_phrase", [trace(n, phrases=("once more with feeling",)) for n in range(9)]) == []


def test_rare_phrases_are_forgotten_and_frequent_ones_kept() -> None:
    rows = [trace(n, phrases=("said so very often", *(f"{n} {m}" for m in range(5000)))) for n in range(100)]
    assert [text for _, text in findings("repeated_phrase", rows)] == ["100 answers: said so very often"]
