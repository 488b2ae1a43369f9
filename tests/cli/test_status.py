"""One stage in a few words."""

from raftune.cli.status import describe
from raftune.cli.watch import duration


def test_a_stage_in_a_few_words() -> None:
    assert describe({"rows": None, "seconds": None}, duration) == "not run yet"
    assert describe({"rows": 4, "seconds": 61.0}, duration) == "4 rows, 1 min 1 s"
    assert describe({"rows": 4, "seconds": None}, duration) == "4 rows"
