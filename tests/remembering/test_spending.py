import pytest

from raftune.remembering.spending import Spending, money


def test_spending_adds_up() -> None:
    assert Spending(1, 2, 3, 0.5, 1) + Spending(10, 20, 30, 0.25) == Spending(11, 22, 33, 0.75, 1)


@pytest.mark.parametrize(
    ("dollars", "words"), [(0.0, "$0.00"), (0.00123, "$0.0012"), (0.5, "$0.50"), (1234.5, "$1,234.50")]
)
def test_small_sums_are_not_rounded_to_nothing(dollars: float, words: str) -> None:
    assert money(dollars) == words
