"""Every file is listed, with a fault where it is not to be read; SHA-256s are kept, never relied on too far."""

import hashlib
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune import sources
from raftune.errors import DocumentError
from raftune.records import Source
from raftune.sources import list_sources

Files = dict[str, bytes]
NAMES = st.binary(min_size=1, max_size=30).filter(lambda name: b"/" not in name and b"\0" not in name)


def listed(folder: Path, cache: Path | None = None) -> dict[str, Source]:
    return {source.path: source for source in list_sources(folder, cache)}


def faults(folder: Path) -> dict[str, str]:
    return {path: source.fault for path, source in listed(folder).items()}


def rested(path: Path, data: bytes) -> Path:
    """A file as it was an hour ago, going by the times the cache looks at."""
    path.write_bytes(data)
    os.utime(path, (path.stat().st_mtime - 3600,) * 2)
    return path


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A function that puts the clock an hour ahead: the time of change, ctime, cannot be set back."""
    clock = sources.time.time_ns

    def put_ahead() -> None:
        monkeypatch.setattr(sources.time, "time_ns", lambda: clock() + 3_600_000_000_000)

    return put_ahead


@pytest.fixture
def hashings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files hashed from now on."""
    names: list[str] = []
    hashed = sources.hashed

    def noted(path: Path) -> tuple[sources.Traits, int, str]:
        names.append(path.name)
        return hashed(path)

    monkeypatch.setattr(sources, "hashed", noted)
    return names


def test_files_are_listed_by_path_with_size_and_digest(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.md", "sub/a.md", "sub-b.md", "규정.md"):
        (tmp_path / name).write_text(name)
    found = listed(tmp_path)
    assert list(found) == ["b.md", "sub/a.md", "sub-b.md", "규정.md"]
    assert found["b.md"] == Source(path="b.md", sha256=hashlib.sha256(b"b.md").hexdigest(), size=4)


def test_no_documents_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no documents folder"):
        list_sources(tmp_path / "documents")


def test_what_is_not_read_has_its_fault(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    folder = tmp_path / "documents"
    (folder / ".git").mkdir(parents=True)
    for name in (".hidden.md", ".DS_Store", "Thumbs.db", "~$report.docx", ".git/config", "good.md"):
        (folder / name).write_text(name)
    (folder / "file link.md").symlink_to(outside / "secret.md")
    (folder / "folder link").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "dangling.md").symlink_to("nowhere")
    os.mkfifo(folder / "fifo.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket.md"))
    assert faults(folder) == {
        ".DS_Store": "hidden file",
        ".git": "hidden folder",
        ".hidden.md": "hidden file",
        "Thumbs.db": "hidden file",
        "dangling.md": "symbolic link",
        "fifo.md": "not a file",
        "file link.md": "symbolic link",
        "folder link": "symbolic link",
        "good.md": "",
        "loop": "symbolic link",
        "socket.md": "not a file",
        "~$report.docx": "hidden file",
    }
    assert {(source.sha256, source.size) for source in listed(folder).values() if source.fault} == {("", 0)}


def test_a_name_that_is_not_utf_8_is_escaped(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("text")
    (tmp_path / os.fsdecode(b"\xc7\xd1")).mkdir()
    (tmp_path / os.fsdecode(b"\xc7\xd1") / "a.md").write_text("text")
    assert faults(tmp_path) == {r"\xc7\xd1": "unreadable name", r"caf\xe9.md": "unreadable name"}


def test_a_folder_deeper_than_a_path_may_be_long_is_one_refusal(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    here, names = os.open(folder, os.O_RDONLY), ["d" * 200] * 25
    for name in names:
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    [(path, fault)] = faults(folder).items()
    assert fault == "unreadable"
    assert path == "/".join(names[: path.count("/") + 1])
    shutil.rmtree(folder)


@pytest.mark.skipif(os.getuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "closed.md").write_text("text")
    (tmp_path / "closed.md").chmod(0)
    (tmp_path / "shut").mkdir(0)
    assert faults(tmp_path) == {"closed.md": "unreadable", "shut": "unreadable"}


def test_a_file_replaced_by_a_fifo_after_it_was_listed_does_not_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "a.md")
    monkeypatch.setattr(sources, "walk", lambda _: iter([sources.Found("a.md")]))
    assert faults(tmp_path) == {"a.md": "unreadable"}


@settings(max_examples=40, deadline=None)
@given(st.lists(NAMES.filter(lambda name: name not in {b".", b".."}), max_size=6, unique=True))
def test_every_name_is_one_row_that_can_be_stored(names: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        for file in names:
            Path(name, os.fsdecode(file)).write_bytes(file)
        rows = list(list_sources(Path(name)))
    assert len(rows) == len(names)
    for row in rows:
        assert Source.from_row(json.loads(json.dumps(row.to_row(), ensure_ascii=False).encode())) == row
        assert bool(row.fault) != bool(row.sha256)


def test_a_rested_file_is_hashed_once(tmp_path: Path, hashings: list[str], later: Callable[[], None]) -> None:
    folder, cache = tmp_path / "documents", tmp_path / "state" / "sources.json"
    folder.mkdir()
    rested(folder / "a.md", b"one")
    later()
    first = listed(folder, cache)
    assert listed(folder, cache) == first
    assert hashings == ["a.md"]


def test_a_file_hashed_just_after_it_was_changed_is_hashed_again(
    tmp_path: Path, hashings: list[str], later: Callable[[], None]
) -> None:
    folder, cache = tmp_path / "documents", tmp_path / "sources.json"
    folder.mkdir()
    (folder / "a.md").write_bytes(b"one")
    listed(folder, cache)
    listed(folder, cache)
    later()
    listed(folder, cache)
    listed(folder, cache)
    assert hashings == ["a.md"] * 3


def test_a_change_that_keeps_size_and_time_is_seen(
    tmp_path: Path, hashings: list[str], later: Callable[[], None]
) -> None:
    folder, cache = tmp_path / "documents", tmp_path / "sources.json"
    folder.mkdir()
    before = rested(folder / "a.md", b"one").stat()
    later()
    first = listed(folder, cache)
    (folder / "a.md").write_bytes(b"two")
    os.utime(folder / "a.md", ns=(before.st_atime_ns, before.st_mtime_ns))
    second = listed(folder, cache)
    assert first["a.md"].sha256 != second["a.md"].sha256
    assert hashings == ["a.md", "a.md"]


def test_a_name_that_is_gone_leaves_the_cache(tmp_path: Path) -> None:
    folder, cache = tmp_path / "documents", tmp_path / "sources.json"
    folder.mkdir()
    for name in ("a.md", "b.md"):
        (folder / name).write_text(name)
    listed(folder, cache)
    (folder / "b.md").unlink()
    listed(folder, cache)
    assert list(json.loads(cache.read_text())["files"]) == ["a.md"]


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", "null", '{"version": 0}', '{"version": 1}', '{"version": 1, "files": {"a.md": 3}}']
)
def test_a_damaged_cache_is_made_anew(tmp_path: Path, damage: str) -> None:
    folder, cache = tmp_path / "documents", tmp_path / "sources.json"
    folder.mkdir()
    (folder / "a.md").write_text("text")
    cache.write_text(damage)
    assert listed(folder, cache) == listed(folder)
    assert "a.md" in json.loads(cache.read_text())["files"]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["sources.json"]


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.md").write_text("text")
    (tmp_path / "state").write_text("a file where a folder should be")
    assert listed(folder, tmp_path / "state" / "sources.json") == listed(folder)
