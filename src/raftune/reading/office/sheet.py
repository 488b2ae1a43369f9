"""A sheet of a workbook -> blocks of Markdown: a table for each block of rows, lone cells above it as text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from raftune.reading.hidden import hidden_note, visible_length
from raftune.reading.office.number_formats import shown
from raftune.reading.office.package import Package
from raftune.reading.office.sheet_styles import CellStyle, rich_text
from raftune.reading.tables import MOST_COLUMNS, markdown_table
from raftune.reading.xml_parts import attribute, local, stream_xml

MOST_ROWS = 50_000
MOST_CELLS = 1_000_000
MOST_MERGED = 100_000
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")
TAGS = ("{*}row", "{*}col", "{*}mergeCell")
PLURALS = {
    "hidden row": "hidden rows",
    "cell in a hidden column": "cells in hidden columns",
    "formula without a kept value": "formulas without a kept value",
}
OFF = frozenset(["", "0", "false"])


@dataclass
class Sheet:
    """The filled cells of a sheet by row and column, and what was left out."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)
    hidden: int = 0
    cut: bool = False

    def warnings(self) -> tuple[str, ...]:
        """What was left out, in a few words each."""
        counted = (f"{count} {what if count == 1 else PLURALS[what]}" for what, count in self.left_out.items() if count)
        cut = (f"only the first {len(self.rows)} rows read",) if self.cut else ()
        return (*(f"{text} left out" for text in counted), *hidden_note(self.hidden), *cut)

    def blocks(self) -> list[str]:
        """Blocks of rows that follow each other, as tables."""
        blocks: list[str] = []
        block: list[dict[int, str]] = []
        last = 0
        for number in sorted(self.rows):
            if block and number > last + 1:
                blocks += table_blocks(block)
                block = []
            block.append(self.rows[number])
            last = number
        return blocks + table_blocks(block)


@dataclass(frozen=True)
class SheetReader:
    """What the sheets of a workbook share."""

    package: Package
    strings: Sequence[str]
    styles: Sequence[CellStyle]
    from_1904: bool
    keep_hidden: bool

    def read(self, part: str) -> Sheet:
        """The cells of the sheet in a part, read as a stream. Raises DocumentError."""
        sheet, cells, last = Sheet(), 0, 0
        with self.package.archive.open(part) as file:
            for element in stream_xml(file, TAGS, self.package.name):
                if local(element) == "col":
                    self.note_columns(sheet, element)
                elif local(element) == "mergeCell":
                    repeat(sheet, attribute(element, "ref"))
                else:
                    last = number_of(attribute(element, "r"), last + 1)
                    cells += len(element)
                    sheet.cut = len(sheet.rows) >= MOST_ROWS or cells > MOST_CELLS
                    if sheet.cut:
                        break
                    self.add_row(sheet, element, last)
        return sheet

    def note_columns(self, sheet: Sheet, element: Any) -> None:
        """Notes down hidden columns."""
        if attribute(element, "hidden") not in OFF and not self.keep_hidden:
            first, last = number_of(attribute(element, "min"), 0), number_of(attribute(element, "max"), 0)
            sheet.hidden_columns.update(range(first, min(last, first + MOST_COLUMNS) + 1))

    def add_row(self, sheet: Sheet, element: Any, number: int) -> None:
        """Adds the cells of a row that are filled and shown."""
        cells = {column: text for column, text in self.cells(sheet, element) if text}
        if attribute(element, "hidden") not in OFF and not self.keep_hidden:
            sheet.left_out["hidden row"] += bool(cells)
            sheet.hidden_rows.add(number)
            return
        for column in sheet.hidden_columns & cells.keys():
            sheet.left_out["cell in a hidden column"] += 1
            del cells[column]
        if cells:
            sheet.rows[number] = cells

    def cells(self, sheet: Sheet, row: Any) -> Iterator[tuple[int, str]]:
        """The column and text of each cell of a row."""
        column = 0
        for cell in row:
            match = REFERENCE.match(attribute(cell, "r"))
            column = column_number(match[1]) if match else column + 1
            style = self.style(attribute(cell, "s", "0"))
            kind, parts = attribute(cell, "t", "n"), {local(one): one for one in cell}
            text = self.text(kind, parts, style)
            if not text and "f" in parts and kind != "str":
                sheet.left_out["formula without a kept value"] += 1
            if style.white and not self.keep_hidden:
                sheet.hidden += visible_length(text)
            else:
                yield column, text

    def style(self, position: str) -> CellStyle:
        """The style at a position."""
        index = int(position) if position.isdecimal() else 0
        return self.styles[index] if index < len(self.styles) else CellStyle()

    def text(self, kind: str, parts: dict[str, Any], style: CellStyle) -> str:
        """A cell's value as a person sees it; a formula's as it was last worked out."""
        if "is" in parts:
            return rich_text(parts["is"])
        text = (parts["v"].text or "") if "v" in parts else ""
        if kind == "s":
            return self.strings[int(text)] if text.isdecimal() and int(text) < len(self.strings) else ""
        if kind == "b":
            return {"0": "FALSE", "1": "TRUE"}.get(text, text)
        return self.number(text, style.form) if kind == "n" else text.removesuffix("T00:00:00") if kind == "d" else text

    def number(self, text: str, form: str) -> str:
        """A number in its format."""
        try:
            value = float(text)
            return shown(value, form, from_1904=self.from_1904)
        except (ValueError, OverflowError, IndexError):
            return text


def repeat(sheet: Sheet, reference: str) -> None:
    """Repeats the value of merged cells in each of them."""
    corners = [REFERENCE.match(corner) for corner in reference.split(":")]
    if len(corners) != 2 or corners[0] is None or corners[1] is None:
        return
    (left, top), (right, bottom) = ((column_number(corner[1]), int(corner[2])) for corner in corners if corner)
    text = sheet.rows.get(top, {}).get(left, "")
    if not text or (right - left + 1) * (bottom - top + 1) > MOST_MERGED:
        return
    for row in range(top, bottom + 1):
        if row in sheet.hidden_rows or (row not in sheet.rows and bottom > top and right > left):
            continue
        for column in set(range(left, right + 1)) - sheet.hidden_columns:
            sheet.rows.setdefault(row, {}).setdefault(column, text)


def table_blocks(rows: Sequence[dict[int, str]]) -> list[str]:
    """Rows as text where one column is filled, else as a table; rows of one value above it are its titles."""
    titles: list[str] = []
    for row in rows:
        values = set(row.values())
        if len(values) != 1:
            break
        titles.append(" ".join(values.pop().split()))
    rest = rows[len(titles) :]
    columns = sorted({column for row in rest for column in row})
    text = markdown_table([[row.get(column, "") for column in columns] for row in rest]) if len(rest) > 0 else ""
    return [*titles, text] if text else titles


def column_number(letters: str) -> int:
    """The number of a column from its letters, from 1."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def number_of(text: str, otherwise: int) -> int:
    """A whole number, or another where there is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else otherwise
