from hypothesis import given
from hypothesis import strategies as st

from raftune.estimating.sampling import evenly


@given(st.integers(0, 2000), st.integers(1, 400))
def test_a_sample_is_even_and_in_order(count: int, most: int) -> None:
    rows = list(range(count))
    found = evenly(rows, most)
    assert len(found) == min(count, most)
    assert found == sorted(set(found))
    assert found == rows or max(b - a for a, b in zip(found, [*found[1:], count], strict=True)) <= count // most + 1
