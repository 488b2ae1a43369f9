"""The files of the documents folder: every one is listed, those that are not to be read with their fault.

What makes `raftune plan` slow on an archive of many gigabytes is hashing. So a SHA-256 is kept with what the file
system says of the file (path, size, times of change, inode), and taken from there while that is the same. A file that
is changed within a tick of the file system's clock after it was hashed could look the same: as git does with its index,
a SHA-256 is not relied on if the file had changed less than two seconds before it was taken. (FAT keeps times in steps
of two seconds, other file systems in finer ones.)
"""

import contextlib
import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from raftune.artifact import Artifact, in_memory
from raftune.digest import BLOCK_BYTES
from raftune.errors import DocumentError
from raftune.records import Source

LITTER = frozenset({"Thumbs.db", "desktop.ini"})
LOCK_PREFIX = "~$"  # Office's mark that a document is open
TICK = 2_000_000_000
CACHE_VERSION = 1
# A link or FIFO put in the place of a file after it was listed is neither followed nor waited for.
OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)

Traits = tuple[int, int, int, int]  # size in bytes, modified and changed (nanoseconds since 1970), inode


@dataclass(frozen=True)
class Found:
    """A path below the documents folder (parts joined by "/"), why it is not to be read, or "", and a file's traits."""

    name: str
    fault: str = ""
    traits: Traits = (0, 0, 0, 0)


@dataclass
class KnownDigests:
    """SHA-256s of files by their names below a folder, kept in a file between runs; in memory only without one.

    The file is a cache: where it is damaged or cannot be written, files are hashed again.
    """

    file: Path | None
    known: dict[str, tuple[Traits, int, str]] = field(default_factory=dict)
    used: dict[str, tuple[Traits, int, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path | None) -> "KnownDigests":
        """What was kept in `file`, nothing where that is not there or damaged."""
        if file is None or not file.exists():
            return cls(file)
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            if kept["version"] != CACHE_VERSION:
                return cls(file)
            known = {name: (tuple(traits), int(when), str(sha)) for name, (traits, when, sha) in kept["files"].items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls(file)
        return cls(file, known)

    def of(self, folder: Path, found: Found) -> tuple[str, int]:
        """A file's SHA-256 and size in bytes. Raises OSError, also where it is no plain file."""
        entry = self.known.get(found.name)
        if entry is None or entry[0] != found.traits or not settled(entry):
            entry = hashed(folder / found.name)
        self.used[found.name] = entry
        return entry[2], entry[0][0]

    def save(self) -> None:
        """Keeps the SHA-256s asked for since `load`, and no others, for the next run; published by one rename."""
        if self.file is None or self.used == self.known:
            return
        with contextlib.suppress(OSError):  # plan and status also work on a project one may only read
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=self.file.parent, delete=False) as draft:
                json.dump({"version": CACHE_VERSION, "files": self.used}, draft, separators=(",", ":"))
            Path(draft.name).replace(self.file)


def list_sources(folder: Path, cache: Path | None = None) -> Artifact[Source]:
    """All files below a documents folder, ordered by path; what is not to be read has a `fault`:

    "hidden file", "hidden folder", "symbolic link", "not a file" (FIFO, socket, device), "unreadable name" (not UTF-8),
    "unreadable". Links are not followed, nor hidden folders listed: each is one row. `cache` is a file that keeps
    SHA-256s between runs. Raises DocumentError when the folder is not there.
    """
    if not folder.is_dir():
        raise DocumentError(
            f"There is no documents folder {folder}.", "Create it and put PDF, Word, Markdown or text files into it."
        )
    digests = KnownDigests.load(cache)
    found = sorted(walk(folder), key=lambda one: one.name.split("/"))
    sources = in_memory("sources", Source, [source_of(folder, one, digests) for one in found])
    digests.save()
    return sources


def walk(folder: Path) -> Iterator[Found]:
    """Everything below a folder that is no folder, and the folders that are not gone into, in no order."""
    waiting = [""]
    while waiting:
        inner = waiting.pop()
        try:
            with os.scandir(folder / inner) as listing:
                entries = list(listing)
        except OSError:
            yield Found(inner or ".", "unreadable")
            continue
        for entry in entries:
            name = f"{inner}/{entry.name}" if inner else entry.name
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                yield Found(name, "unreadable")
                continue
            fault = fault_of(entry.name, status.st_mode)
            if not fault and stat.S_ISDIR(status.st_mode):
                waiting.append(name)
            else:
                yield Found(name, fault, traits_of(status))


def fault_of(name: str, mode: int) -> str:
    """Why a file of that name and kind is not to be read, or a folder not to be gone into; "" where it is."""
    if stat.S_ISLNK(mode):
        return "symbolic link"
    if not storable(name):
        return "unreadable name"
    if name.startswith((".", LOCK_PREFIX)) or name in LITTER:
        return "hidden folder" if stat.S_ISDIR(mode) else "hidden file"
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "not a file"


def storable(name: str) -> bool:
    """Whether a name is UTF-8: Python gives other bytes as lone surrogates, which JSON in UTF-8 cannot hold."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def source_of(folder: Path, found: Found, digests: KnownDigests) -> Source:
    r"""The row of what was found; bytes of its name that are not UTF-8 are written as \xNN."""
    name = os.fsencode(found.name).decode("utf-8", "backslashreplace")
    if found.fault:
        return Source(path=name, sha256="", size=0, fault=found.fault)
    try:
        sha256, size = digests.of(folder, found)
    except OSError:
        return Source(path=name, sha256="", size=0, fault="unreadable")
    return Source(path=name, sha256=sha256, size=size)


def traits_of(status: os.stat_result) -> Traits:
    """What a file system says of a file that changes when its bytes do."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def settled(entry: tuple[Traits, int, str]) -> bool:
    """Whether the file had rested when it was hashed, so that a later change must show in its times."""
    (_, modified, changed, _), when, _ = entry
    return when - max(modified, changed) > TICK


def hashed(path: Path) -> tuple[Traits, int, str]:
    """A file's traits, when it was hashed and its SHA-256. Raises OSError, also where it is no plain file."""
    when, sha, size = time.time_ns(), hashlib.sha256(), 0
    with os.fdopen(os.open(path, OPEN_FLAGS), "rb", buffering=0) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path.name} is not a plain file.")
        while block := file.read(BLOCK_BYTES):
            sha.update(block)
            size += len(block)
    # The size is that of the bytes hashed: a file that grows meanwhile must not match when it is looked up.
    return (size, *traits_of(status)[1:]), when, sha.hexdigest()
