"""Hangul documents (HWPX, OWPML) -> a page for each section: paragraphs, tables, notes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from raftune.errors import DocumentError
from raftune.reading.archives import entry_names
from raftune.reading.hidden import hidden_note, visible_length
from raftune.reading.joining import join_blocks, tidy
from raftune.reading.office.package import Package, open_package
from raftune.reading.tables import Cell, markdown_table, spread
from raftune.reading.xml_parts import attribute, child, local
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page

SECTION = re.compile(r"Contents/section(\d+)\.xml$", re.IGNORECASE)
HEADER, DESCRIPTION = "Contents/header.xml", "Contents/content.hpf"
SIGNS = {"lineBreak": "\n", "tab": " ", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
NOTES = frozenset(["footNote", "endNote"])
LEFT_OUT = frozenset(["header", "footer", "hiddenComment", "fieldBegin", "secPr", "colPr", "pageNum"])
HEADING_STYLES = re.compile(r"(?:개요|제목|heading|outline)\s*(\d)$", re.IGNORECASE)
SMALLEST = 200  # hundredths of a point
DEEPEST = 40


class HwpxReader:
    """Reads Hangul documents in their open form."""

    media_type = "application/hwp+zip"

    def accepts(self, path: Path, head: bytes) -> bool:
        """A zip file with sections where Hangul puts them."""
        return any(map(SECTION.match, entry_names(path, head)))

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:
        """Its sections. Raises DocumentError.

        The reasons: "encrypted", "damaged", "zip bomb", "unsafe archive", "unsafe xml" or "no text".
        """
        with open_package(path) as package:
            if "META-INF/manifest.xml" in package.names and b"encryption-data" in package.bytes_of(
                "META-INF/manifest.xml"
            ):
                raise DocumentError(f"{path.name} is protected by a password.", "Save it without one.", "encrypted")
            names = sorted((name for name in package.names if SECTION.match(name)), key=section_number)
            looks = Looks(package, keep_hidden=options.keep_hidden)
            pages = [page_of(package.xml(name), looks, number) for number, name in enumerate(names, 1)]
            title = title_of(package)
        if not any(page.text for page in pages):
            raise DocumentError(f"{path.name} holds no text.", "Remove it, or export it to PDF for OCR.", "no text")
        yield Reading(title or path.stem, map(PageReading, pages), len(pages))


class Looks:
    """The styles of a document: which character shapes cannot be seen, which paragraph styles are headings."""

    def __init__(self, package: Package, *, keep_hidden: bool) -> None:
        root = package.xml(HEADER) if HEADER in package.names else None
        elements = [] if root is None else list(root.iter())
        shapes = [one for one in elements if local(one) == "charPr"]
        self.unseen = {attribute(one, "id") for one in shapes if not keep_hidden and is_unseen(one)}
        styles = [(one, HEADING_STYLES.search(attribute(one, "name"))) for one in elements if local(one) == "style"]
        self.levels = {attribute(one, "id"): max(1, int(match[1])) for one, match in styles if match}


class Section:
    """Walks a section. `hidden` counts the characters that it left out because nobody sees them."""

    def __init__(self, looks: Looks) -> None:
        self.looks = looks
        self.hidden = 0
        self.noted = 0

    def blocks(self, element: Any, depth: int = 0) -> list[str]:
        """The blocks of the paragraphs in an element."""
        found: list[str] = []
        for one in element if depth < DEEPEST else ():
            if local(one) == "p":
                found += self.paragraph(one, depth)
        return found

    def paragraph(self, one: Any, depth: int) -> list[str]:
        """A paragraph, then what is anchored in it: tables, boxes, notes."""
        text, after = "", list[str]()
        for run in one:
            if local(run) != "run":
                continue
            unseen = attribute(run, "charPrIDRef") in self.looks.unseen
            for part in run:
                if local(part) == "t":
                    text += self.words(part, unseen=unseen)
                elif local(part) == "ctrl":
                    after += [block for inner in part for block in self.anchored(inner, depth)]
                else:
                    after += self.anchored(part, depth)
        text = tidy(text)
        level = self.looks.levels.get(attribute(one, "styleIDRef"))
        if text and level:
            text = f"{'#' * min(level, 6)} {' '.join(text.split())}"
        return [text, *after] if text else after

    def words(self, element: Any, *, unseen: bool) -> str:
        """The text of a run, unless it cannot be seen."""
        text = element.text or ""
        for one in element:
            text += SIGNS.get(local(one), "") + (one.tail or "")
        if unseen:
            self.hidden += visible_length(text)
            return ""
        return text

    def anchored(self, one: Any, depth: int) -> list[str]:
        """A table, the text of a box, or a note."""
        name = local(one)
        if name == "tbl":
            return self.table(one, depth)
        if name in NOTES:
            inner = child(one, "subList")
            text = " ".join(" ".join(self.blocks(inner, depth + 1)).split()) if inner is not None else ""
            self.noted += bool(text)
            return [f"[^{self.noted}]: {text}"] if text else []
        if name in LEFT_OUT or depth > DEEPEST:
            return []
        if name == "equation":
            script = child(one, "script")
            return [tidy(script.text or "")] if script is not None and script.text else []
        return [block for inner in one for block in self.boxed(inner, depth + 1)]

    def boxed(self, one: Any, depth: int) -> list[str]:
        """The text in a drawn shape or a caption."""
        return self.blocks(one, depth) if local(one) == "subList" else self.anchored(one, depth)

    def table(self, table: Any, depth: int) -> list[str]:
        """A table, merged cells repeated; what a single column holds comes as blocks, since such a table is a frame."""
        rows = [[cell for cell in row if local(cell) == "tc"] for row in table if local(row) == "tr"]
        captions = [block for one in table if local(one) == "caption" for block in self.boxed_in(one, depth)]
        if all(len(row) <= 1 for row in rows):
            return [*captions, *(block for row in rows for cell in row for block in self.boxed_in(cell, depth))]
        grid = spread([[self.cell(cell, depth) for cell in sorted(row, key=column_of)] for row in rows])
        text = markdown_table(grid)
        return [*captions, text] if text else captions

    def boxed_in(self, element: Any, depth: int) -> list[str]:
        """The blocks of a cell or caption."""
        inner = child(element, "subList")
        return [] if inner is None else self.blocks(inner, depth + 1)

    def cell(self, cell: Any, depth: int) -> Cell:
        """A cell with its spans."""
        spans = child(cell, "cellSpan")
        text = " ".join(self.boxed_in(cell, depth))
        return Cell(text) if spans is None else Cell(text, whole(spans, "colSpan", 1), whole(spans, "rowSpan", 1))


def column_of(cell: Any) -> int:
    """The column that a cell begins in."""
    address = child(cell, "cellAddr")
    return 0 if address is None else whole(address, "colAddr", 0)


def whole(element: Any, name: str, otherwise: int) -> int:
    """A whole number from an attribute."""
    text = attribute(element, name)
    return int(text) if text.isdecimal() and len(text) < 6 else otherwise


def is_unseen(shape: Any) -> bool:
    """Whether a character shape is white on no ground, or under two points."""
    white = attribute(shape, "textColor").upper() == "#FFFFFF" and attribute(shape, "shadeColor").lower() in {
        "",
        "none",
    }
    return white or whole(shape, "height", SMALLEST) < SMALLEST


def section_number(name: str) -> int:
    """The number in a section's name."""
    match = SECTION.match(name)
    return int(match[1]) if match else 0


def page_of(root: Any, looks: Looks, number: int) -> Page:
    """A section as a page."""
    section = Section(looks)
    text = join_blocks(section.blocks(root))
    return Page(number=number, text=text, warnings=hidden_note(section.hidden))


def title_of(package: Package) -> str:
    """The title in the document's description, or ""."""
    root = package.xml(DESCRIPTION) if DESCRIPTION in package.names else None
    titles = [one for one in root.iter() if local(one) == "title"] if root is not None else []
    return " ".join((titles[0].text or "").split()) if titles else ""


plug = HwpxReader()
