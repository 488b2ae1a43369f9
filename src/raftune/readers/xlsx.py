"""Excel workbooks -> a page for each sheet, its blocks of cells as tables. Formulas are never worked out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from raftune.errors import DocumentError
from raftune.reading.archives import entry_names
from raftune.reading.joining import join_blocks
from raftune.reading.office.package import Package, open_package
from raftune.reading.office.sheet import SheetReader
from raftune.reading.office.sheet_styles import read_styles, shared_strings
from raftune.reading.xml_parts import attribute, child
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page

MAIN = "xl/workbook.xml"
OFF = frozenset(["", "0", "false"])


class XlsxReader:
    """Reads workbooks of Excel 2007 and later."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def accepts(self, path: Path, head: bytes) -> bool:
        """A zip file with a workbook's main part, whatever its name."""
        return MAIN in entry_names(path, head)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:
        """A page for each sheet; a hidden one is an empty page with a warning.

        Raises DocumentError: "damaged", "zip bomb", "unsafe archive", "unsafe xml" or "no text".
        """
        with open_package(path) as package:
            main = package.related("", "officeDocument") or MAIN
            workbook = package.xml(main)
            reader = sheet_reader(package, main, workbook, keep_hidden=options.keep_hidden)
            pages = list(sheets(reader, main, workbook))
        if not any(page.text for page in pages):
            raise DocumentError(f"{path.name} holds no text.", "Remove it.", "no text")
        yield Reading(path.stem, map(PageReading, pages), len(pages))


def sheet_reader(package: Package, main: str, workbook: Any, *, keep_hidden: bool) -> SheetReader:
    """What the sheets of a workbook share. Raises DocumentError."""
    strings, styles = package.related(main, "sharedStrings"), package.related(main, "styles")
    properties = child(workbook, "workbookPr")
    return SheetReader(
        package,
        shared_strings(package.xml(strings) if strings else None),
        read_styles(package.xml(styles) if styles else None),
        from_1904=properties is not None and attribute(properties, "date1904") not in OFF,
        keep_hidden=keep_hidden,
    )


def sheets(reader: SheetReader, main: str, workbook: Any) -> Iterator[Page]:
    """The sheets in the order of their tabs. Raises DocumentError."""
    relations = reader.package.relations(main)
    listed = child(workbook, "sheets")
    for number, sheet in enumerate(listed if listed is not None else (), 1):
        relation = relations.get(attribute(sheet, "id"))
        if attribute(sheet, "state", "visible") != "visible" and not reader.keep_hidden:
            yield Page(number=number, text="", warnings=("hidden sheet left out",))
        elif relation is None or relation.target not in reader.package.names or relation.kind != "worksheet":
            yield Page(number=number, text="", warnings=("sheet without cells",))
        else:
            read = reader.read(relation.target)
            blocks = read.blocks()
            text = join_blocks([f"# {attribute(sheet, 'name')}", *blocks]) if blocks else ""
            yield Page(number=number, text=text, warnings=read.warnings())


plug = XlsxReader()
