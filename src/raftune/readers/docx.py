"""Word documents -> Markdown, page by page as Word last laid them out.

Insertions count as made and deletions as gone; headers, footers, comments and tables of contents are left out.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from raftune.errors import DocumentError
from raftune.reading.archives import entry_names
from raftune.reading.hidden import hidden_note
from raftune.reading.joining import join_blocks
from raftune.reading.office.numbering import read_numbering
from raftune.reading.office.package import Package, is_locked, open_package
from raftune.reading.office.word import Body
from raftune.reading.office.word_styles import Styles
from raftune.reading.xml_parts import attribute, child, damaged, local
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page

MAIN = "word/document.xml"


class DocxReader:
    """Reads Word documents of 2007 and later; also says so where an Office file of any kind has a password."""

    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def accepts(self, path: Path, head: bytes) -> bool:
        """A zip file with Word's main part, whatever its name."""
        return MAIN in entry_names(path, head) or is_locked(path, head)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:
        """Its pages. Raises DocumentError.

        The reasons: "encrypted", "damaged", "zip bomb", "unsafe archive", "unsafe xml" or "no text".
        """
        if is_locked(path, first_bytes(path)):
            message = f"{path.name} is protected by a password."
            raise DocumentError(message, "Open it in Office and save it without a password.", "encrypted")
        with open_package(path) as package:
            pages = body_of(package, keep_hidden=options.keep_hidden)
            title = core_title(package)
        if not any(page.text for page in pages):
            raise DocumentError(f"{path.name} holds no text.", "Remove it, or export it to PDF for OCR.", "no text")
        heading = next((line[2:] for page in pages for line in page.text.split("\n") if line.startswith("# ")), "")
        yield Reading(title or heading or path.stem, map(PageReading, pages), len(pages))


def first_bytes(path: Path) -> bytes:
    """As much of a file as tells its kind."""
    with path.open("rb") as file:
        return file.read(1024)


def body_of(package: Package, *, keep_hidden: bool) -> list[Page]:
    """The pages of the document. Raises DocumentError."""
    main = package.related("", "officeDocument") or MAIN
    body = child(package.xml(main), "body")
    if body is None:
        raise damaged(package.name, ValueError("no body"))
    parts = {kind: part_of(package, main, kind) for kind in ("styles", "numbering", "footnotes", "endnotes")}
    notes = {
        (local(note), attribute(note, "id")): note
        for part in (parts["footnotes"], parts["endnotes"])
        if part is not None
        for note in part
        if not attribute(note, "type")
    }
    walked = Body(package, main, Styles(parts["styles"]), read_numbering(parts["numbering"]), keep_hidden, notes)
    return [
        Page(number=number, text=join_blocks(page.blocks), warnings=hidden_note(page.hidden))
        for number, page in enumerate(walked.read(body), 1)
    ]


def part_of(package: Package, main: str, kind: str) -> Any | None:
    """A part that the document refers to, or None."""
    part = package.related(main, kind)
    return package.xml(part) if part else None


def core_title(package: Package) -> str:
    """The title in the file's properties, unless it is what Word puts there by itself."""
    part = package.related("", "core-properties")
    element = child(package.xml(part), "title") if part else None
    text = " ".join(((element.text if element is not None else None) or "").split())
    return "" if text.lower() in {"word document", "microsoft word"} else text


plug = DocxReader()
