"""Zip files, checked before anything is read from them. Nothing is unpacked to disk, nor an archive in an archive."""

import re
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from raftune.errors import DocumentError

MOST_ENTRIES = 10_000
MOST_BYTES = 2 << 30
MOST_PART_BYTES = 256 << 20
HIGHEST_RATIO = 200  # pages of Office files come to 20, the emptiest sheets to 60, bombs to 1000
SMALL_BYTES = 4 << 20  # what may be packed as tightly as it likes
LOCAL_HEADER = struct.Struct("<26xHH")
SIGNATURE = b"PK\x03\x04"
SCANNED_BYTES = 1 << 20
OUTSIDE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:|\\|\0")
MEND = "Open it in the program it comes from and save it again."


def entry_names(path: Path, head: bytes) -> frozenset[str]:
    """The names in a zip file; those near its start where its directory is broken; none if it is no zip file."""
    if not head.startswith(SIGNATURE):
        return frozenset()
    try:
        with ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        with path.open("rb") as file:
            return frozenset(names_in(file.read(SCANNED_BYTES)))


def names_in(data: bytes) -> Iterator[str]:
    """The names in the headers that stand before each entry."""
    for match in re.finditer(re.escape(SIGNATURE), data):
        start = match.start() + LOCAL_HEADER.size
        if start <= len(data):
            length, _ = LOCAL_HEADER.unpack_from(data, match.start())
            yield data[start : start + length].decode("utf-8", "replace")


@contextmanager
def open_archive(path: Path) -> Iterator[ZipFile]:
    """The zip file, checked. Raises DocumentError: "damaged", or what `check` finds."""
    try:
        archive = ZipFile(path)
    except (BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise DocumentError(f"{path.name} is damaged ({error}).", MEND, "damaged") from error
    with archive:
        check(path.name, archive.infolist())
        yield archive


def check(name: str, entries: list[ZipInfo]) -> None:
    """Refuses what no honest program writes. Raises DocumentError: "zip bomb", "unsafe archive" or "encrypted"."""
    if len(entries) > MOST_ENTRIES:
        raise bomb(name, f"it holds {len(entries)} entries")
    for entry in entries:
        check_entry(name, entry)
    most, times = Counter(entry.orig_filename for entry in entries).most_common(1)[0] if entries else ("", 0)
    if times > 1:
        raise unsafe(name, f"{shown(most)} is in it {times} times")
    check_sizes(name, entries)


def check_entry(name: str, entry: ZipInfo) -> None:
    """Refuses one entry. Raises DocumentError."""
    if OUTSIDE.search(entry.orig_filename):
        raise unsafe(name, f"{shown(entry.orig_filename)} would be written outside its folder")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise unsafe(name, f"{shown(entry.orig_filename)} is a link to another file")
    if entry.flag_bits & 1:
        raise DocumentError(f"{name} is protected by a password.", "Save it without a password.", "encrypted")
    if too_tight(entry.file_size, entry.compress_size):
        raise bomb(name, f"{shown(entry.orig_filename)} is {entry.file_size >> 20} MB unpacked")


def check_sizes(name: str, entries: list[ZipInfo]) -> None:
    """Refuses an archive for the sum of its entries, or where entries share their bytes. Raises DocumentError."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MOST_BYTES or too_tight(unpacked, packed):
        raise bomb(name, f"it is {unpacked >> 20} MB unpacked")
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    for entry, following in pairwise(ordered):
        if entry.header_offset + LOCAL_HEADER.size + entry.compress_size > following.header_offset:
            raise bomb(name, "entries of it share their bytes")


def too_tight(unpacked: int, packed: int) -> bool:
    """Whether so many bytes come from so few that it is made to fill memory."""
    return unpacked > SMALL_BYTES and unpacked > HIGHEST_RATIO * packed


def read_entry(archive: ZipFile, entry: str, name: str) -> bytes:
    """The bytes of an entry of the file `name`. Raises DocumentError: "damaged" or "too large"."""
    try:
        if archive.getinfo(entry).file_size > MOST_PART_BYTES:
            raise DocumentError(f"{name} is too large to be read as a whole.", "Split it.", "too large")
        with archive.open(entry) as part:
            return part.read(archive.getinfo(entry).file_size + 1)  # no more, whatever is packed in it
    except KeyError as error:
        raise DocumentError(f"{name} lacks its part {shown(entry)}.", MEND, "damaged") from error
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, struct.error) as error:
        raise DocumentError(f"{name} is damaged ({error}).", MEND, "damaged") from error


def shown(entry: str) -> str:
    """An entry's name as a message may show it."""
    return ascii(entry if len(entry) <= 60 else f"{entry[:60]}...")


def bomb(name: str, cause: str) -> DocumentError:
    """The error for an archive made to fill memory."""
    return DocumentError(f"{name} is a zip bomb: {cause}.", "Remove it, and ask where it comes from.", "zip bomb")


def unsafe(name: str, cause: str) -> DocumentError:
    """The error for an archive made to reach other files."""
    return DocumentError(f"{name} is not safe: {cause}.", "Remove it, and ask where it comes from.", "unsafe archive")
