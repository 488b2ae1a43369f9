"""Electronic books -> a page for each chapter, in the order of the book's spine."""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from raftune.errors import DocumentError
from raftune.reading.archives import entry_names
from raftune.reading.hidden import hidden_note
from raftune.reading.markup.page import decode_markup, render
from raftune.reading.office.package import Package, open_package, resolved
from raftune.reading.xml_parts import attribute, child, damaged, local
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
TEXT_TYPES = frozenset(["application/xhtml+xml", "text/html", "application/x-dtbook+xml"])
FONT_ENDINGS = (".ttf", ".otf", ".woff", ".woff2", ".ttc")


class EpubReader:
    """Reads EPUB 2 and 3 without copy protection."""

    media_type = "application/epub+zip"

    def accepts(self, path: Path, head: bytes) -> bool:
        """A zip file that says it is a book, or at least has a book's container."""
        names = entry_names(path, head)
        return CONTAINER in names and (mime_type(path) in {self.media_type, ""} or path.suffix.lower() == ".epub")

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:
        """Its chapters. Raises DocumentError.

        The reasons: "encrypted" for a protected book, "damaged", "zip bomb", "unsafe archive", "unsafe xml", "no text".
        """
        with open_package(path) as package:
            refuse_protected(package)
            book, folder = book_of(package)
            title, chapters = title_of(book), list(spine(book, folder))
            pages = [
                page_of(package, name, number, keep_hidden=options.keep_hidden)
                for number, name in enumerate(chapters, 1)
            ]
        if not any(page.text for page in pages):
            raise DocumentError(f"{path.name} holds no text.", "Remove it, or export it to PDF for OCR.", "no text")
        yield Reading(title or path.stem, map(PageReading, pages), len(pages))


def mime_type(path: Path) -> str:
    """What the archive says it is, "" where it does not."""
    try:
        with ZipFile(path) as archive, archive.open("mimetype") as file:
            return file.read(100).decode("ascii", "replace").strip()
    except (KeyError, BadZipFile, RuntimeError, OSError, ValueError, NotImplementedError):
        return ""


def refuse_protected(package: Package) -> None:
    """Refuses a book whose text is encrypted; fonts may be. Raises DocumentError "encrypted"."""
    if ENCRYPTION not in package.names:
        return
    parts = [attribute(one, "URI") for one in package.xml(ENCRYPTION).iter() if local(one) == "CipherReference"]
    if any(not part.lower().endswith(FONT_ENDINGS) for part in parts):
        raise DocumentError(f"{package.name} is copy protected.", "Ask its publisher for a free copy.", "encrypted")


def book_of(package: Package) -> tuple[Any, str]:
    """The description of the book, and the folder that its names count from. Raises DocumentError."""
    for one in package.xml(CONTAINER).iter():
        if local(one) == "rootfile":
            part = resolved("", attribute(one, "full-path"))
            return package.xml(part), posixpath.dirname(part)
    raise damaged(package.name, ValueError("no book in it"))


def title_of(book: Any) -> str:
    """The book's title, or ""."""
    metadata = child(book, "metadata")
    titles = [one for one in metadata.iter() if local(one) == "title"] if metadata is not None else []
    return " ".join((titles[0].text or "").split()) if titles else ""


def spine(book: Any, folder: str) -> Iterator[str]:
    """The names of the chapters in order, without the table of contents."""
    manifest, order = child(book, "manifest"), child(book, "spine")
    items = {attribute(one, "id"): one for one in (manifest if manifest is not None else ())}
    for one in order if order is not None else ():
        item = items.get(attribute(one, "idref"))
        if item is None or "nav" in attribute(item, "properties").split():
            continue
        if attribute(item, "media-type") in TEXT_TYPES:
            yield resolved(folder, unquote(attribute(item, "href")))


def page_of(package: Package, name: str, number: int, *, keep_hidden: bool) -> Page:
    """A chapter; an empty page with a warning where it is missing or not text."""
    decoded = decode_markup(package.bytes_of(name)) if name in package.names else None
    if decoded is None or not decoded.text.strip():
        return Page(number=number, text="", warnings=("chapter missing from the file",))
    rendered = render(decoded.text, package.name, keep_hidden=keep_hidden, whole=True)
    return Page(number=number, text=rendered.text, warnings=(*decoded.warnings, *hidden_note(rendered.hidden)))


plug = EpubReader()
