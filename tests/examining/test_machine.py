import sys
from pathlib import Path

from raftune.examining.machine import machine, part, plug_names


def test_the_machine_is_described(tmp_path: Path) -> None:
    found = {check.name: check for check in machine(tmp_path)}
    assert "GB free on disk" in found["disk"].words
    assert "cores" in found["cores"].words
    assert found["reads"].words.startswith("CSV, DOCX")
    assert found["sqlite"].words.startswith("SQLite 3.")


def test_a_part_that_is_there_has_a_version() -> None:
    check = part("documents", ("lxml",))
    assert check.state == "ok"
    assert check.words.startswith("lxml ")


def test_a_part_that_is_missing_is_no_failure_and_can_be_installed() -> None:
    check = part("azure", ("no_such_package.identity", "lxml"))
    assert check.state == "skipped"
    assert "no_such_package" in check.words
    assert "raftune[azure]" in check.advice


def test_a_part_that_lacks_its_libraries_is_told_from_one_that_is_missing(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "broken_part.py").write_text("raise ImportError('libfoo.so.3 is missing')")
    monkeypatch.syspath_prepend(tmp_path)
    check = part("ocr", ("broken_part",))
    assert check.state == "warn"
    assert "libfoo.so.3" in check.words
    assert "broken_part" not in sys.modules


def test_plugs_are_found_by_their_files() -> None:
    assert "tesseract" in plug_names("ocr")
    assert plug_names("no_such_kind") == []
