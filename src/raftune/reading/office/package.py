"""The zip package of an Office file or a book: its parts as XML, and how they refer to each other."""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from raftune.reading.archives import open_archive, read_entry
from raftune.reading.xml_parts import attribute, local, parse_xml

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SECTOR = 512


class Relation(NamedTuple):
    """What a part refers to: the last word of the relation's type, and the other part's name."""

    kind: str
    target: str


@dataclass
class Package:
    """An open package. Parts are named without a leading slash."""

    name: str
    archive: ZipFile
    names: frozenset[str] = field(default_factory=frozenset)

    def bytes_of(self, part: str) -> bytes:
        """A part as it is. Raises DocumentError "damaged" where it is missing or broken."""
        return read_entry(self.archive, part, self.name)

    def xml(self, part: str) -> Any:
        """The root element of a part. Raises DocumentError: "damaged" or "unsafe xml"."""
        return parse_xml(self.bytes_of(part), self.name)

    def relations(self, part: str) -> dict[str, Relation]:
        """By its id, each part that `part` ("" for the package) refers to; what lies outside the file is left out."""
        folder, _, leaf = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{leaf}.rels")
        if rels not in self.names:
            return {}
        return {
            attribute(element, "Id"): Relation(
                attribute(element, "Type").rpartition("/")[2], resolved(folder, attribute(element, "Target"))
            )
            for element in self.xml(rels)
            if local(element) == "Relationship" and attribute(element, "TargetMode") != "External"
        }

    def related(self, part: str, kind: str) -> str | None:
        """The part of that kind that `part` refers to and that is there, or None."""
        targets = (relation.target for relation in self.relations(part).values() if relation.kind == kind)
        return next((target for target in targets if target in self.names), None)


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """The package, its zip file checked. Raises DocumentError."""
    with open_archive(path) as archive:
        yield Package(path.name, archive, frozenset(archive.namelist()))


def resolved(folder: str, target: str) -> str:
    """The name of a part that a part in `folder` refers to."""
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def is_locked(path: Path, head: bytes) -> bool:
    """Whether an Office file that is encrypted with a password: the old container holds the package then."""
    if not head.startswith(OLE) or len(head) < SECTOR:
        return False
    first = int.from_bytes(head[48:52], "little")
    size = 1 << min(int.from_bytes(head[30:32], "little"), 16)
    with path.open("rb") as file:
        file.seek((first + 1) * size)
        return ENCRYPTED in file.read(8 * size)
