"""Files of an index: looked at again only where they were touched, and never believed where they were altered."""

from pathlib import Path

import numpy as np
import pytest

from raftune.indexing import files
from raftune.indexing.files import Damaged, read_array, read_manifest, write_index


def written(folder: Path) -> Path:
    write_index(folder, {"numbers": np.arange(5)}, {"language": "ko"})
    return folder


def test_what_was_written_is_read(tmp_path: Path) -> None:
    facts = read_manifest(written(tmp_path))
    assert facts["language"] == "ko"
    assert read_array(tmp_path, "numbers").tolist() == [0, 1, 2, 3, 4]


def test_untouched_files_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(path: Path) -> str:
        raise AssertionError(path)

    written(tmp_path)
    monkeypatch.setattr(files, "file_digest", never)
    read_manifest(tmp_path)
    (tmp_path / "numbers.npy").touch()
    with pytest.raises(AssertionError):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 0, "files": {}}', '{"version": 1, "files": {"x.npy": "0"}}']
)
def test_what_is_no_manifest(tmp_path: Path, text: str) -> None:
    (tmp_path / "index.json").write_text(text, encoding="utf-8")
    with pytest.raises(Damaged):
        read_manifest(tmp_path)


def test_objects_are_never_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "evil.npy", np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(Damaged):
        read_array(tmp_path, "evil")


def test_a_noted_look_that_is_damaged_costs_a_look(tmp_path: Path) -> None:
    written(tmp_path)
    for text in ("[1]", "no", '{"numbers.npy": 3}'):
        (tmp_path / "checked.json").write_text(text, encoding="utf-8")
        read_manifest(tmp_path)
        assert files.checked(tmp_path) == {"numbers.npy": files.traits(tmp_path / "numbers.npy")}
