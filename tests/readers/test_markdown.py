from pathlib import Path

import pytest

from raftune.errors import DocumentError
from raftune.readers.markdown import plug


def test_the_first_heading_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "ports.md"
    path.write_text("Intro\n\n# On ports #\n\nText\n", encoding="utf-8")
    reading = plug.read(path)
    assert reading.title == "On ports"
    assert [page.number for page in reading.pages] == [1]


def test_without_a_heading_the_file_name_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "ports.md"
    path.write_text("Just text.", encoding="utf-8")
    assert plug.read(path).title == "ports"


def test_markdown_is_told_by_the_name() -> None:
    assert plug.accepts(b"# Title", "Notes.MD")
    assert not plug.accepts(b"# Title", "notes.txt")
    assert not plug.accepts(b"\x00\x01", "notes.md")


@pytest.mark.parametrize(("data", "reason"), [(b"\n", "no text"), (b"a\xff\xfe\x00", "damaged")])
def test_files_that_cannot_be_used(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        plug.read(path)
    assert caught.value.reason == reason
