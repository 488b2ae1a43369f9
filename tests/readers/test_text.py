from pathlib import Path

import pytest

from raftune.readers.text import plug
from tests.office_files import pages, reason

KOREAN = "기준금리는 연 3.50%로 동결하였다. 위원회는 물가안정을 위하여 이를 결정하였다."


def read(folder: Path, data: bytes) -> str:
    path = folder / "notes.txt"
    path.write_bytes(data)
    [page] = pages(plug, path)
    return page.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949"])
def test_korean_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, KOREAN.encode(encoding)) == KOREAN


def test_a_head_that_stops_inside_a_character_is_still_text(tmp_path: Path) -> None:
    for encoding in ("utf-8", "cp949", "utf-16"):
        data = (KOREAN * 40).encode(encoding)
        assert all(plug.accepts(tmp_path / "a.txt", data[:length]) for length in range(1000, 1025))


def test_line_ends_become_line_feeds(tmp_path: Path) -> None:
    assert read(tmp_path, b"one\r\ntwo\rthree\n") == "one\ntwo\nthree\n"


def test_western_text_is_not_taken_for_korean(tmp_path: Path) -> None:
    text = "Résumé des opérations à l’été, à côté"
    assert read(tmp_path, text.encode("cp1252")) == text


def test_form_feeds_part_pages(tmp_path: Path) -> None:
    path = tmp_path / "rfc.txt"
    path.write_bytes(b"one\n\ftwo\n\f\n")
    assert [(page.number, page.text) for page in pages(plug, path)] == [(1, "one\n"), (2, "two\n")]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02",
        b"PK\x03\x04\x14\x00\x06\x00",
        bytes(range(128, 256)) * 4,
        b"<!DOCTYPE html><html>",
        b"{\\rtf1 x}",
    ],
)
def test_binary_files_and_markup_are_refused(tmp_path: Path, data: bytes) -> None:
    assert not plug.accepts(tmp_path / "a.txt", data)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [(b"text " * 400 + b"\xff\x00", "damaged"), (b" \n\t\n", "no text"), (b"x" * (21 << 20), "too large")],
)
def test_files_that_cannot_be_used(tmp_path: Path, data: bytes, wanted: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert reason(plug, path) == wanted


def test_mixed_encodings_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"{KOREAN}\n".encode() * 5 + KOREAN.encode("cp949"))
    assert pages(plug, path)[0].warnings == ("lines in CP949 among lines in UTF-8: 1",)
