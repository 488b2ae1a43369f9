"""The body of a Word document -> blocks of Markdown, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from raftune.reading.hidden import visible_length
from raftune.reading.joining import raised, tidy
from raftune.reading.office.charts import chart_blocks
from raftune.reading.office.numbering import Numbering
from raftune.reading.office.package import Package, Relation
from raftune.reading.office.word_styles import Looks, Style, Styles, is_ground, looked, with_paragraph
from raftune.reading.tables import Cell, markdown_table, spread
from raftune.reading.xml_parts import attribute, child, local

SKIPPED = frozenset(["del", "moveFrom", "instrText", "Fallback", "sdtPr", "pPr", "rPr", "txbxContent", "rt"])
SIGNS = {"tab": " ", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
DEEPEST = 60
NUMBERED = frozenset("0123456789")


@dataclass
class Page:
    """Blocks of one page, and the characters that were left out of it."""

    blocks: list[str] = field(default_factory=list)
    hidden: int = 0


@dataclass
class Body:
    """Walks the body. `notes` are the texts of footnotes and endnotes by kind and id."""

    package: Package
    part: str
    styles: Styles
    numbering: Numbering
    keep_hidden: bool
    notes: dict[tuple[str, str], Any] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=lambda: [Page()])
    pending: list[tuple[str, str]] = field(default_factory=list)
    relations: dict[str, Relation] = field(default_factory=dict)
    noted: int = 0
    shaded: bool = False
    drawn: list[Any] = field(default_factory=list)

    def read(self, body: Any) -> list[Page]:
        """The pages; a paragraph stands on the page that it begins on."""
        self.relations = self.package.relations(self.part)
        self.top(body, 0)
        if len(self.pages) > 1 and not self.pages[-1].blocks:
            self.pages.pop()
        return self.pages

    def top(self, element: Any, depth: int) -> None:
        """The paragraphs and tables right in the body, or in a content control of it."""
        for one in element:
            if local(one) in {"p", "tbl"}:
                before, after = page_breaks(one)
                if before:
                    self.next_page()
                self.pages[-1].blocks += self.blocks(one, depth)
                self.pages[-1].blocks += [text for note in self.pending for text in self.note(*note, depth)]
                self.pending = []
                if after:
                    self.next_page()
            elif local(one) in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"} and depth < DEEPEST:
                self.top(one, depth + 1)

    def next_page(self) -> None:
        """Begins a page, unless the last one is still empty: Word marks hard breaks twice."""
        if self.pages[-1].blocks:
            self.pages.append(Page())

    def blocks(self, one: Any, depth: int) -> list[str]:
        """The blocks of a paragraph or table, and what is drawn in it."""
        drawn, self.drawn = self.drawn, []
        found = self.paragraph(one) if local(one) == "p" else self.table(one, depth)
        for box in self.drawn:
            found += self.drawing(box, depth)
        self.drawn = drawn
        return found

    def drawing(self, box: Any, depth: int) -> list[str]:
        """The paragraphs in a text box, or the values of a chart."""
        if local(box) == "txbxContent":
            shaded, self.shaded = self.shaded, True
            found = self.inside(box, depth + 1)
            self.shaded = shaded
            return found
        relation = self.relations.get(attribute(box, "id"))
        if relation is None or relation.kind != "chart" or relation.target not in self.package.names:
            return []
        return chart_blocks(self.package.xml(relation.target))

    def note(self, kind: str, identity: str, depth: int) -> list[str]:
        """A foot- or endnote under the paragraph that refers to it: its mark would stand in the middle of a quote."""
        note = self.notes.pop((kind, identity), None)
        text = " ".join(self.inside(note, depth + 1)) if note is not None else ""
        self.noted += bool(text)
        return [f"[^{self.noted}]: {' '.join(text.split())}"] if text else []

    def inside(self, element: Any, depth: int) -> list[str]:
        """The blocks of a cell, text box or note."""
        if depth >= DEEPEST:
            text = tidy(" ".join(one.text or "" for one in element.iter() if local(one) == "t"))
            return [text] if text else []
        found: list[str] = []
        for one in element:
            if local(one) in {"p", "tbl"}:
                found += self.blocks(one, depth)
            elif local(one) in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}:
                found += self.inside(one, depth + 1)
        return found

    def paragraph(self, one: Any) -> list[str]:
        """A paragraph as heading, item or text; a table of contents is left out, since its lines come as headings."""
        properties = child(one, "pPr")
        named = child(properties, "pStyle") if properties is not None else None
        style = self.styles.style(attribute(named, "val") if named is not None else self.styles.paragraph)
        style = with_paragraph(style, properties)
        ground = child(properties, "shd") if properties is not None else None
        shaded = self.shaded or (ground is not None and is_ground(ground))
        text = tidy("".join(self.runs(one, replace(style.looks, shaded=style.looks.shaded or shaded), 0)))
        label = self.numbering.label(style.number, style.depth) if text and style.number not in {"", "0"} else None
        if not text or style.name.startswith("toc "):
            return []
        return [marked(text, style, label)]

    def runs(self, element: Any, looks: Looks, depth: int) -> Iterator[str]:
        """The text of the runs in a paragraph, hyperlink, insertion or field."""
        for one in element if depth < DEEPEST else []:
            name = local(one)
            if name == "r":
                yield self.run(one, looks)
            elif name == "AlternateContent":
                self.find_drawn(one)
            elif name in {"oMath", "oMathPara"}:
                yield "".join(text.text or "" for text in one.iter() if local(text) == "t")
            elif name not in SKIPPED:
                yield from self.runs(one, looks, depth + 1)

    def run(self, run: Any, looks: Looks) -> str:
        """The text of a run that can be seen; what cannot is counted."""
        properties = child(run, "rPr")
        named = child(properties, "rStyle") if properties is not None else None
        if named is not None and (style := self.styles.style(attribute(named, "val"))) is not self.styles.plain:
            looks = replace(
                looks,
                vanished=looks.vanished or style.looks.vanished,
                white=looks.white or style.looks.white,
                shaded=looks.shaded or style.looks.shaded,
                raised=style.looks.raised,
            )
        looks = looked(properties, looks)
        text = "".join(self.piece(one) for one in run)
        if looks.unseen and not self.keep_hidden:
            self.pages[-1].hidden += visible_length(text)
            return ""
        return raised(text) if looks.raised else text

    def piece(self, one: Any) -> str:
        """The text of one part of a run; notes and drawings are noted down."""
        name = local(one)
        if name == "t":
            return one.text or ""
        if name in {"footnoteReference", "endnoteReference"}:
            self.pending.append((name.removesuffix("Reference"), attribute(one, "id")))
        elif name == "br":
            return "\n"
        elif name == "sym":
            return symbol(attribute(one, "char"))
        elif name in {"drawing", "pict", "AlternateContent", "object"}:
            self.find_drawn(one)
        elif name == "ruby":
            base = child(one, "rubyBase")
            return "".join(text.text or "" for text in (base if base is not None else one).iter() if local(text) == "t")
        return SIGNS.get(name, "")

    def find_drawn(self, element: Any) -> None:
        """Notes down text boxes and charts; their older copies, kept for older programs, are left out."""
        for one in element:
            if local(one) in {"txbxContent", "chart"}:
                self.drawn.append(one)
            elif local(one) != "Fallback":
                self.find_drawn(one)

    def table(self, table: Any, depth: int) -> list[str]:
        """A table; what a single cell or column holds comes as blocks, since such a table is a frame."""
        named = child(table, "tblPr", "tblStyle")
        outer, self.shaded = (
            self.shaded,
            self.shaded or (named is not None and self.styles.is_shading(attribute(named, "val"))),
        )
        rows = [row for row in rows_in(table) if child(row, "trPr", "del") is None]
        framed = all(len(cells_in(row)) <= 1 for row in rows)
        grid = [[self.cell(cell, depth) for cell in cells_in(row)] for row in rows] if not framed else []
        blocks = [block for row in rows if framed for cell in cells_in(row) for block in self.cell_blocks(cell, depth)]
        self.shaded = outer
        text = markdown_table(merged(rows, grid))
        return [text] if text else blocks

    def cell(self, cell: Any, depth: int) -> tuple[str, int, bool]:
        """A cell's text, how many columns it covers, and whether it goes on from the row above."""
        properties = cell_properties(cell)
        text = " ".join(self.cell_blocks(cell, depth))
        width = attribute(properties["gridSpan"], "val", "1") if "gridSpan" in properties else "1"
        goes_on = "vMerge" in properties and attribute(properties["vMerge"], "val", "continue") != "restart"
        return text, int(width) if width.isdigit() else 1, goes_on

    def cell_blocks(self, cell: Any, depth: int) -> list[str]:
        """The blocks in a cell, on the cell's ground."""
        outer, ground = self.shaded, cell_properties(cell).get("shd")
        self.shaded = outer or (ground is not None and is_ground(ground))
        found = self.inside(cell, depth + 1)
        self.shaded = outer
        return found


def cell_properties(cell: Any) -> dict[str, Any]:
    """The properties of a cell by their names."""
    given = child(cell, "tcPr")
    return {} if given is None else {local(one): one for one in given}


def rows_in(table: Any) -> list[Any]:
    """The rows of a table, those in content controls and insertions too."""
    rows: list[Any] = []
    for one in table:
        if local(one) == "tr":
            rows.append(one)
        elif local(one) in {"sdt", "sdtContent", "customXml", "ins"}:
            rows += rows_in(one)
    return rows


def cells_in(row: Any) -> list[Any]:
    """The cells of a row."""
    cells: list[Any] = []
    for one in row:
        if local(one) == "tc":
            cells.append(one)
        elif local(one) in {"sdt", "sdtContent", "customXml"}:
            cells += cells_in(one)
    return cells


def merged(rows: list[Any], grid: list[list[tuple[str, int, bool]]]) -> list[list[str]]:
    """The grid of a table, what covers several columns or rows repeated in each."""
    lines: list[list[str]] = []
    for row, cells in zip(rows, grid, strict=False):
        before = child(row, "trPr", "gridBefore")
        skipped = attribute(before, "val", "0") if before is not None else "0"
        line = [""] * (int(skipped) if skipped.isdigit() else 0)
        for text, width, goes_on in cells:
            above = lines[-1][len(line)] if goes_on and lines and len(line) < len(lines[-1]) else text
            line += spread([[Cell(above, width)]])[0]
        lines.append(line)
    return lines


def marked(text: str, style: Style, label: str | None) -> str:
    """A paragraph with the signs of a heading or of an item, its number written out."""
    if style.level:
        return f"{'#' * min(style.level, 6)} {label + ' ' if label and label != '•' else ''}{' '.join(text.split())}"
    if not label:
        return text
    indent = "   " * (style.depth or style.indent)
    is_figure = len(label) > 1 and label[-1] == "." and set(label[:-1]) <= NUMBERED
    mark = "- " if label == "•" else f"{label} " if is_figure else f"- {label} "
    return indent + mark + text.replace("\n", f"\n{indent}   ")


def symbol(code: str) -> str:
    """A sign of a symbol font; those fonts lie in a private area, where only few can be told."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return {0xF0B7: "•", 0xF0E0: "→", 0xF0FC: "✓", 0xF0A8: "☐"}.get(
        number, chr(number) if 32 <= number < 0xD800 else ""
    )


def page_breaks(one: Any) -> tuple[bool, bool]:
    """Whether a page ends before the text of a paragraph or table, and whether one ends in it or after it."""
    before, after = child(one, "pPr", "pageBreakBefore") is not None, ends_section(one)
    printed = False
    for part in one.iter():
        name = local(part)
        if name == "t":
            printed = printed or bool((part.text or "").strip())
        elif name == "lastRenderedPageBreak" or (name == "br" and attribute(part, "type") == "page"):
            before, after = before or not printed, after or printed
    return before, after


def ends_section(paragraph: Any) -> bool:
    """Whether a section ends with a paragraph and the next begins on a new page."""
    section = child(paragraph, "pPr", "sectPr")
    if section is None:
        return False
    kind = child(section, "type")
    return kind is None or attribute(kind, "val") not in {"continuous", "nextColumn"}
