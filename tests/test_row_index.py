"""A row is found by id, place and parent, as the artifact holds it."""

from pathlib import Path

import pytest

from raftune.artifact import Draft, open_artifact
from raftune.errors import StoreError
from raftune.records import Question
from raftune.row_index import RowIndex


def stored(folder: Path, count: int) -> list[Question]:
    folder.mkdir()
    draft = Draft(folder, "ask", {})
    rows = [Question(chunk=f"c{n // 3}", item=n, text=f"질문 {n}\u2028?", language="ko") for n in range(count)]
    for row in rows:
        draft.add(row)
    draft.finish()
    return rows


def test_rows_are_found(tmp_path: Path) -> None:
    rows = stored(tmp_path / "ask", 10_005)  # over two shards
    index = RowIndex(open_artifact(tmp_path / "ask", Question), tmp_path / "ui" / "ask.sqlite", "chunk")
    assert len(index) == len(rows)
    assert index.by_id(rows[10_003].id) == rows[10_003]
    assert index.by_id("0" * 20) is None
    assert index.page(9_998, 4) == rows[9_998:10_002]
    assert index.below("c3334") == rows[10_002:10_005]
    assert index.below("c1", 2) == rows[3:5]
    index.close()


def test_an_index_is_made_once_and_a_damaged_row_is_told(tmp_path: Path) -> None:
    rows = stored(tmp_path / "ask", 3)
    artifact = open_artifact(tmp_path / "ask", Question)
    RowIndex(artifact, tmp_path / "ask.sqlite", "chunk").close()
    made = (tmp_path / "ask.sqlite").stat().st_mtime_ns
    shard = tmp_path / "ask" / "rows-00000.jsonl"
    shard.write_text(shard.read_text(encoding="utf-8").replace("질문 0", "질문 9"), encoding="utf-8")
    index = RowIndex(artifact, tmp_path / "ask.sqlite", "chunk")
    assert (tmp_path / "ask.sqlite").stat().st_mtime_ns == made
    with pytest.raises(StoreError, match="does not match"):
        index.by_id(rows[0].id)
    shard.unlink()
    with pytest.raises(StoreError, match="damaged"):
        index.by_id(rows[1].id)
    index.close()
