"""Rows with and without documents."""

from raftune.exporting.rows import chosen
from tests.exporting.made_set import make_example


def test_dsf_rows_are_one_an_answer_and_rest_on_no_document() -> None:
    rows = [make_example(0), make_example(0, draw=1), make_example(1, oracle=None).changed(final="Not there.")]
    assert list(chosen(rows, "raft")) == rows
    found = list(chosen(rows, "dsf"))
    assert [row.final for row in found] == ["7 coins", "7 coins"]
    assert all(row.documents == row.quotes == () and row.oracle is None for row in found)
    assert [row.split for row in found] == ["train", "train"]
