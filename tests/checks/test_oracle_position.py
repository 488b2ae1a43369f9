"""The oracle stands everywhere equally often."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.checks.oracle_position import chi_square_tail
from tests.checks.audit_rows import findings, trace


@given(st.integers(2, 8), st.integers(10, 40))
def test_even_places_pass(count: int, times: int) -> None:
    rows = [trace(documents=(time, *range(-count, -1)), place=place) for time in range(times) for place in range(count)]
    assert findings("oracle_position", rows) == []


@given(st.integers(3, 8))
def test_one_place_alone_is_found(count: int) -> None:
    rows = [trace(documents=(time, *range(-count, -1)), place=0) for time in range(20 * count)]
    assert len(findings("oracle_position", rows)) == 1


def test_rows_that_share_their_documents_count_once() -> None:
    assert findings("oracle_position", [trace(n, place=0) for n in range(500)]) == []


def test_the_tail_of_chi_square() -> None:
    assert chi_square_tail([10, 10, 10]) == 1.0
    assert abs(chi_square_tail([30, 20, 10, 20, 20]) - 0.0404) < 0.001  # 10.0 with 4 degrees of freedom
