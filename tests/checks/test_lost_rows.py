"""Numbered rows have no gaps."""

from tests.checks.audit_rows import findings, trace


def numbered(*numbers: int) -> list[tuple[int, str]]:
    return findings("lost_rows", [trace(number=f"seed_task_{number}") for number in numbers])


def test_gaps_and_numbers_given_twice_are_found() -> None:
    assert numbered(*range(20)) == []
    assert numbered(*range(7), *range(8, 20)) == [(0, "seed_task_7 is missing")]
    assert numbered(*range(20), 3) == [(0, "seed_task_3 is there 2 times")]


def test_a_part_of_a_set_has_no_gaps() -> None:
    assert numbered(4, 90, 17) == []


def test_ids_without_a_number_are_not_looked_at() -> None:
    assert findings("lost_rows", [trace(number="0f3a99")]) == []
