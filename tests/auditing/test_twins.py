"""Rows that ask nearly the same."""

from raftune.audited import RowTrace
from raftune.auditing.twins import Twins


def test_a_twin_in_another_split_goes_first() -> None:
    twins, asked = Twins(), "What does a berth in the old harbour cost?"
    first, second, third = (
        twins.marked(RowTrace("f", line, split, question=asked))
        for line, split in enumerate(("train", "train", "test"), 1)
    )
    assert first.twin == ""
    assert (second.twin, second.twin_split) == ("f:1", "train")
    assert (third.twin, third.twin_split) == ("f:1", "train")


def test_other_figures_and_other_draws_are_no_twins() -> None:
    twins = Twins()
    rows = [RowTrace("f", 1, "train", question="What is the fee of 2024?"),
            RowTrace("f", 2, "train", question="What is the fee of 2025?"),
            RowTrace("f", 3, "train", question="What is the fee of 2024?", draw=1)]  # fmt: skip
    assert [twins.marked(row).twin for row in rows] == ["", "", ""]
