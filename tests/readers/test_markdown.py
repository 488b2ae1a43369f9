from pathlib import Path

import pytest

from raftune.readers.markdown import plug
from tests.office_files import pages, readings, reason


def test_the_first_heading_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "ports.md"
    path.write_text("Intro\n\n# On ports #\n\nText\n", encoding="utf-8")
    assert readings(plug, path)[0].title == "On ports"
    assert [page.number for page in pages(plug, path)] == [1]


def test_without_a_heading_the_file_name_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "ports.md"
    path.write_text("Just text.", encoding="utf-8")
    assert readings(plug, path)[0].title == "ports"


def test_markdown_is_told_by_the_name(tmp_path: Path) -> None:
    assert plug.accepts(tmp_path / "Notes.MD", b"# Title")
    assert not plug.accepts(tmp_path / "notes.txt", b"# Title")
    assert not plug.accepts(tmp_path / "notes.md", b"\x00\x01")


@pytest.mark.parametrize(("data", "wanted"), [(b"\n", "no text"), (b"a\xff\xfe\x00", "damaged")])
def test_files_that_cannot_be_used(tmp_path: Path, data: bytes, wanted: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(data)
    assert reason(plug, path) == wanted
