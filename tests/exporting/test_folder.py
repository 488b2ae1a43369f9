"""The folder of an export."""

import json
from pathlib import Path

import pytest

from raftune.errors import ConfigError
from raftune.exporting.folder import staged
from tests.exporting.made_set import exported, make_example


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_an_export_replaces_an_earlier_one_and_leaves_what_others_put_there(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    exported(folder, [make_example(0), make_example(1, draw=1), make_example(2, "test")])
    (folder / "tuned").mkdir()
    (folder / "tuned" / "adapter.bin").write_text("weeks of work")
    exported(folder, [make_example(0)], "sharegpt")
    left = names(folder)
    assert {"tuned/adapter.bin", "train.jsonl", "card.json"} <= left
    assert not left & {"train-draw-2.jsonl", "test.jsonl", "train_with_unsloth.py"}
    assert json.loads((folder / "card.json").read_text())["format"] == "sharegpt"


def test_a_folder_of_other_files_is_refused_unless_forced(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "card.json").write_text("[]")
    with pytest.raises(ConfigError, match="no export"):
        exported(folder, [make_example()])
    assert names(folder) == {"notes.txt", "card.json"}
    exported(folder, [make_example()], force=True)
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_file_or_link_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(ConfigError, match="not a folder"):
            exported(tmp_path / name, [make_example()], force=True)


def test_an_error_leaves_the_earlier_export_whole(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    exported(folder, [make_example()])
    before = {name: (folder / name).read_bytes() for name in names(folder)}

    def fail() -> None:
        with staged(folder) as stage:
            (stage / "train.jsonl").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_card_cannot_have_files_outside_removed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "out", tmp_path / "outside.txt"
    outside.write_text("stays")
    folder.mkdir()
    card = {"raftune_export": 1, "files": [{"name": "../outside.txt"}, {"name": str(outside)}, "odd", {"name": 3}]}
    (folder / "card.json").write_text(json.dumps(card))
    exported(folder, [make_example()])
    assert outside.read_text() == "stays"
