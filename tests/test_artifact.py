import json
from pathlib import Path

import pytest

from raftune import artifact
from raftune.artifact import Artifact, Draft, in_memory, open_artifact
from raftune.errors import StoreError
from raftune.records import Source

ROWS = [Source(path=f"문서-{number}.md", sha256="0" * 64, size=number) for number in range(5)]


def published(folder: Path) -> Artifact[Source]:
    folder.mkdir(exist_ok=True)
    draft = Draft(folder, "ingest", {"seed": 0})
    for row in ROWS:
        draft.add(row)
    draft.reject("a.bin", "unknown kind", "of no kind")
    draft.reject("b.bin", "unknown kind", "of no kind")
    draft.finish()
    return open_artifact(folder, Source)


def test_rows_come_back_in_order(tmp_path: Path) -> None:
    found = published(tmp_path)
    assert list(found) == ROWS
    assert len(found) == 5
    assert found.rejected == (("unknown kind", 2),)
    assert [row["row"] for row in found.rejects()] == ["a.bin", "b.bin"]


def test_rows_are_found_by_the_beginning_of_their_ids(tmp_path: Path) -> None:
    for found in (published(tmp_path), in_memory("sources", Source, ROWS)):
        assert list(found.beginning(ROWS[3].id)) == [ROWS[3]]
        assert ROWS[3] in found.beginning(ROWS[3].id[:2])
        assert list(found.beginning("")) == ROWS
        assert list(found.beginning("no id")) == []


def test_shards_are_read_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "ROWS_PER_SHARD", 2)
    found = published(tmp_path)
    assert len(list(tmp_path.glob("rows-*.jsonl"))) == 3
    assert list(found) == ROWS


def test_equal_rows_give_equal_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert published(one).digest == published(two).digest
    for file in one.iterdir():
        assert file.read_bytes() == (two / file.name).read_bytes()


def test_an_empty_artifact(tmp_path: Path) -> None:
    Draft(tmp_path, "ask", {}).finish()
    assert list(open_artifact(tmp_path, Source)) == []


@pytest.mark.parametrize("damage", ["altered", "cut", "gone", "another type"])
def test_damaged_rows_are_found(tmp_path: Path, damage: str) -> None:
    found = published(tmp_path)
    shard = tmp_path / "rows-00000.jsonl"
    lines = shard.read_text(encoding="utf-8").splitlines(keepends=True)
    texts = {
        "altered": "".join(lines).replace('"size": 3', '"size": 4'),
        "cut": "".join(lines)[:-20],
        "gone": "".join(lines[:-1]),
        "another type": json.dumps({"id": "x", "text": "y"}) + "\n",
    }
    shard.write_text(texts[damage], encoding="utf-8")
    with pytest.raises(StoreError, match="Delete that"):
        list(found)


@pytest.mark.parametrize("text", ["", "{", "{}", "[]"])
def test_a_damaged_manifest_is_found(tmp_path: Path, text: str) -> None:
    published(tmp_path)
    (tmp_path / "artifact.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match="damaged"):
        open_artifact(tmp_path, Source)


def test_rows_in_memory_have_no_files() -> None:
    held = in_memory("sources", Source, ROWS)
    assert list(held) == ROWS
    assert list(held.rejects()) == []
    with pytest.raises(StoreError, match="has no files"):
        held.file("adapter")
