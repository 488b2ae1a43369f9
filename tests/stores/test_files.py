from pathlib import Path

import pytest

from raftune.errors import StoreError
from raftune.records import Source
from raftune.stores.files import plug

ROW = Source(path="a.md", sha256="0" * 64, size=1)


def fail_after(_: object) -> None:
    raise KeyError


def test_nothing_is_found_before_it_is_published(tmp_path: Path) -> None:
    store = plug(tmp_path)
    assert store.find("ingest", "k", Source) is None
    with store.draft("ingest", "k", {}) as draft:
        draft.add(ROW)
        assert store.find("ingest", "k", Source) is None
    found = store.find("ingest", "k", Source)
    assert found is not None
    assert list(found) == [ROW]


def test_a_draft_that_fails_leaves_nothing_behind_to_find(tmp_path: Path) -> None:
    store = plug(tmp_path)
    with pytest.raises(KeyError), store.draft("ingest", "k", {}) as draft:
        fail_after(draft.add(ROW))
    assert store.find("ingest", "k", Source) is None
    with store.draft("ingest", "k", {}) as draft:
        draft.add(ROW)
    found = store.find("ingest", "k", Source)
    assert found is not None
    assert len(found) == 1


def test_an_artifact_made_afresh_takes_the_place_of_the_old(tmp_path: Path) -> None:
    store = plug(tmp_path)
    for size in (1, 2):
        with store.draft("ingest", "k", {}) as draft:
            draft.add(ROW.model_copy(update={"size": size}))
            (draft.files / "note.txt").write_text(str(size), encoding="utf-8")
    found = store.find("ingest", "k", Source)
    assert found is not None
    assert found.file("note.txt").read_text(encoding="utf-8") == "2"


def test_the_work_folder_outlives_a_failure_and_goes_with_success(tmp_path: Path) -> None:
    store = plug(tmp_path)
    with pytest.raises(KeyError), store.draft("train", "k", {}):
        fail_after((store.work_folder("train", "k") / "step-1").write_text("x", encoding="utf-8"))
    assert (store.work_folder("train", "k") / "step-1").exists()
    with store.draft("train", "k", {}):
        pass
    assert not (tmp_path / "work" / "train-k").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"), plug(blocked).draft("ingest", "k", {}):
        pass
