"""The share of oracles is exact."""

from raftune.audited import RowTrace
from tests.checks.audit_rows import findings, trace


def rows(shown: int, hidden: int, split: str = "train") -> list[RowTrace]:
    return [trace(n, split=split, shown=n <= shown) for n in range(1, shown + hidden + 1)]


def test_a_share_that_is_not_the_stated_one_is_found() -> None:
    assert findings("oracle_share", rows(80, 20), 0.8) == []
    assert findings("oracle_share", rows(81, 20), 0.8) == []
    assert findings("oracle_share", rows(72, 28), 0.8) == [(0, "train: 72.0% of 100 rows, stated 80.0%")]


def test_without_a_stated_share_splits_are_compared() -> None:
    assert findings("oracle_share", rows(80, 20)) == []
    assert findings("oracle_share", rows(80, 20) + rows(8, 2, "test")) == []
    assert findings("oracle_share", rows(800, 200) + rows(50, 50, "test")) != []
