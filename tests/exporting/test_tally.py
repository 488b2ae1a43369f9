"""Counts of an export."""

from raftune.exporting.tally import Tally
from tests.exporting.made_set import make_example


def test_groups_draws_and_documents_are_counted() -> None:
    tally = Tally()
    for example in (make_example(0), make_example(0, draw=1), make_example(1, oracle=None), make_example(2, "test")):
        tally.add(example)
    counts = tally.as_json()
    assert counts["splits"]["train"] == {
        "rows": 3, "groups": 2, "oracle_shown": 2, "behaviours": {"abstain": 1, "answer": 2},
    }  # fmt: skip
    assert counts["draws"] == 2
    assert counts["documents_per_row"] == {"2": 4}
    assert counts["tiers"] == {"near": 5, "oracle": 3}
    assert "validation" not in counts["splits"]
