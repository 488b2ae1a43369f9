import pytest

from raftune.reading.kinds import GENERAL, OLD_OFFICE, advice


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"{\\rtf1\\ansi", "Rich Text"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text", "OpenDocument"),
        (b"PK\x03\x04" + bytes(100), "archive"),
        (b"\x1f\x8b\x08", "archive"),
        (b"\0\0\0\x20ftypisom", "film"),
        (b"\0\0\0\x20ftypheic", "image"),
        (b"MIME-Version: 1.0\n", "HTML"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><x/>", "XML"),
        (b"\x7fELF", "program"),
    ],
)
def test_the_advice_names_the_kind(head: bytes, word: str) -> None:
    assert word in advice(head)


def test_old_office_files_are_told_apart_by_their_names() -> None:
    assert ".hwpx" in advice(OLD_OFFICE, "규정.HWP")
    assert ".docx" in advice(OLD_OFFICE, "a.doc")
    assert "Office" in advice(OLD_OFFICE)


def test_anything_else() -> None:
    assert advice(b"\x00\x01") == GENERAL
