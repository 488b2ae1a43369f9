"""Quantiles and bars."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.describing.lengths import quantile, spread_of, width_of


@given(st.lists(st.integers(0, 100_000), min_size=1), st.integers(2, 30))
def test_bars_count_every_length_and_are_not_too_many(lengths: list[int], most: int) -> None:
    spread = spread_of("answer", lengths, most)
    assert sum(spread.bars) == spread.count == len(lengths)
    assert len(spread.bars) <= most
    assert spread.bars[-1] > 0
    assert spread.quantiles == tuple(sorted(spread.quantiles))
    assert (spread.quantiles[0], spread.quantiles[-1]) == (min(lengths), max(lengths))


def test_widths_are_round() -> None:
    assert [width_of(longest, 20) for longest in (0, 19, 20, 99, 1_000, 12_345)] == [1, 1, 2, 5, 100, 1_000]


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantile([1, 2, 3, 4], 0.5) == 2
    assert quantile([7], 0.95) == 7


def test_without_texts_all_is_zero() -> None:
    spread = spread_of("question", [], 20)
    assert (spread.count, spread.quantiles, spread.bars) == (0, (0,) * 7, ())
