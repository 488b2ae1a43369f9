import stat
import struct
import warnings
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from raftune.errors import DocumentError
from raftune.reading.archives import entry_names, open_archive, read_entry
from tests.office_files import zipped


def reason(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        read_all(path)
    return caught.value.reason


def read_all(path: Path) -> None:
    with open_archive(path) as archive:
        for name in archive.namelist():
            read_entry(archive, name, path.name)


def test_an_honest_archive_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a/글.xml": "text", "empty": ""})
    with open_archive(path) as archive:
        assert read_entry(archive, "a/글.xml", "a.zip") == b"text"
        with pytest.raises(DocumentError, match="lacks"):
            read_entry(archive, "b", "a.zip")


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "C:/x", "a\\..\\x", "a\0b"])
def test_names_that_lead_outside(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as archive:
        info = ZipInfo("placeholder")
        info.filename = name
        archive.writestr(info, "x")
    assert reason(path) == "unsafe archive"


def test_links(tmp_path: Path) -> None:
    info = ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert reason(tmp_path / "a.zip") == "unsafe archive"


def test_names_that_stand_twice(tmp_path: Path) -> None:
    with warnings.catch_warnings(action="ignore"), ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", "1")
        archive.writestr("a", "2")
    assert reason(tmp_path / "a.zip") == "unsafe archive"


def test_a_bomb(tmp_path: Path) -> None:
    assert reason(zipped(tmp_path / "a.zip", {"a": bytes(8 << 20)})) == "zip bomb"


def test_a_bomb_of_many_parts(tmp_path: Path) -> None:
    assert reason(zipped(tmp_path / "a.zip", {f"{n}": bytes(2 << 20) for n in range(4)})) == "zip bomb"


def test_a_bomb_of_entries(tmp_path: Path) -> None:
    assert reason(zipped(tmp_path / "a.zip", {f"{n}": "" for n in range(10_001)})) == "zip bomb"


def test_entries_that_share_their_bytes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a": "x" * 1000, "b": "y" * 1000})
    data = bytearray(path.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    path.write_bytes(data)
    assert reason(path) == "zip bomb"


def test_an_entry_that_says_it_is_encrypted(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a": "x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert reason(path) == "encrypted"


def test_an_entry_that_is_larger_than_it_says(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a": bytes(1 << 20)})
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 10)
    path.write_bytes(data)
    assert reason(path) == "damaged"


def test_broken_bytes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a": "hello " * 500})
    data = bytearray(path.read_bytes())
    data[40:50] = b"\xff" * 10
    path.write_bytes(data)
    assert reason(path) == "damaged"
    path.write_bytes(path.read_bytes()[:60])
    assert reason(path) == "damaged"


def test_names_without_a_directory(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"word/document.xml": "x" * 100, "b": "y"})
    head = path.read_bytes()[:1024]
    assert entry_names(path, head) == {"word/document.xml", "b"}
    path.write_bytes(head[:70])
    assert entry_names(path, head) == {"word/document.xml"}
    assert entry_names(path, b"%PDF") == frozenset()


def test_an_archive_in_an_archive_stays_closed(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with ZipFile(inner, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(64 << 20))
    path = zipped(tmp_path / "a.zip", {"inner.zip": inner.read_bytes()})
    with open_archive(path) as archive:
        assert archive.namelist() == ["inner.zip"]
