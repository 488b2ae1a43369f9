from pathlib import Path

import pytest

from raftune.errors import DocumentError
from raftune.readers.text import plug

KOREAN = "기준금리는 연 3.50%로 동결하였다. 위원회는 물가안정을 위하여 이를 결정하였다."


def read(folder: Path, data: bytes) -> str:
    path = folder / "notes.txt"
    path.write_bytes(data)
    assert plug.accepts(data[:1024], path.name)
    [page] = plug.read(path).pages
    return page.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_korean_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, KOREAN.encode(encoding)) == KOREAN


def test_a_head_that_stops_inside_a_character_is_still_text() -> None:
    for encoding in ("utf-8", "cp949", "utf-16"):
        data = (KOREAN * 40).encode(encoding)
        assert all(plug.accepts(data[:length], "a.txt") for length in range(1000, 1025))


def test_line_ends_become_line_feeds(tmp_path: Path) -> None:
    assert read(tmp_path, b"one\r\ntwo\rthree\n") == "one\ntwo\nthree\n"


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
def test_binary_files_and_markup_are_refused(data: bytes) -> None:
    assert not plug.accepts(data, "a.txt")


def test_western_text_in_another_encoding_is_not_taken_for_korean() -> None:
    assert not plug.accepts("Résumé des opérations à l’été, à côté".encode("cp1252"), "a.txt")


def test_bytes_that_stop_being_text_are_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"text " * 400 + b"\xff\x00")
    with pytest.raises(DocumentError) as caught:
        plug.read(path)
    assert caught.value.reason == "damaged"


def test_white_space_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b" \n\t\n")
    with pytest.raises(DocumentError) as caught:
        plug.read(path)
    assert caught.value.reason == "no text"
