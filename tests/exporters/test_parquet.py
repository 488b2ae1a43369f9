"""Parquet files."""

import io

import pytest

from raftune.exporters import parquet
from raftune.prompts.raft import default_prompt
from tests.exporting.made_set import make_example


def test_many_rows_come_back_in_order_with_the_same_types() -> None:
    arrow = pytest.importorskip("pyarrow.parquet")
    file = io.BytesIO()
    with parquet.plug.writing(file) as add:
        for number in range(2 * parquet.ROWS_AT_ONCE + 1):
            add(parquet.plug.row(make_example(number, oracle=None), default_prompt()))
    table = arrow.read_table(io.BytesIO(file.getvalue()))
    assert table.column("group").to_pylist() == [f"train-{number}" for number in range(2001)]
    assert str(table.schema.field("oracle").type) == "int64"
