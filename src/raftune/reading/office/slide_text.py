"""What stands on a slide -> blocks of Markdown: title, bullets, tables, charts, diagrams."""

from dataclasses import dataclass, field
from typing import Any

from raftune.reading.hidden import visible_length
from raftune.reading.joining import indented, raised, tidy
from raftune.reading.office.charts import chart_blocks
from raftune.reading.office.package import Package, Relation
from raftune.reading.office.slide_shapes import BULLETED, Box, Shape
from raftune.reading.tables import Cell, markdown_table, spread
from raftune.reading.xml_parts import attribute, child, local

SMALLEST = 200  # hundredths of a point
OFF = frozenset(["", "0", "false"])


@dataclass
class SlideText:
    """Renders the shapes of one slide. `ground` says that white text can be read on it, as far as can be told."""

    package: Package
    relations: dict[str, Relation]
    size: Box
    keep_hidden: bool
    ground: bool
    hidden: int = 0
    counts: dict[int, int] = field(default_factory=dict)

    def blocks(self, shape: Shape) -> list[str]:
        """The blocks of a shape; those of one that nobody sees are counted, not given."""
        unseen = not self.keep_hidden and (self.is_off(shape) or is_marked_hidden(shape.element))
        before = self.hidden
        found = self.content(shape)
        if unseen:
            self.hidden = before + visible_length(" ".join(found))
            return []
        return found

    def is_off(self, shape: Shape) -> bool:
        """Whether a shape stands beside the slide."""
        if (box := shape.box) is None:
            return False
        beside = box.left >= self.size.width or box.left + box.width <= 0
        return beside or box.top >= self.size.height or box.top + box.height <= 0

    def content(self, shape: Shape) -> list[str]:
        """What a shape says."""
        body = child(shape.element, "txBody")
        if body is not None:
            ground = self.ground or shape.is_filled
            if shape.is_title:
                text = " ".join(" ".join(self.paragraph(one, ground=ground) for one in paragraphs(body)).split())
                return [f"# {text}"] if text else []
            return self.text(body, ground=ground, bulleted=shape.role in BULLETED)
        data = child(shape.element, "graphic", "graphicData")
        return [] if data is None else [block for one in data for block in self.graphic(one)]

    def text(self, body: Any, *, ground: bool, bulleted: bool) -> list[str]:
        """Paragraphs, those with bullets or numbers as items by their level."""
        self.counts = {}
        blocks = []
        for one in paragraphs(body):
            if not (text := self.paragraph(one, ground=ground)):
                continue
            level, mark = self.mark(child(one, "pPr"), bulleted=bulleted)
            blocks.append("   " * level + mark + indented([text], 3 * level + len(mark)) if mark else text)
        return blocks

    def mark(self, properties: Any | None, *, bulleted: bool) -> tuple[int, str]:
        """A paragraph's level and the sign before it, "" for none."""
        kinds = set() if properties is None else {local(one) for one in properties}
        text = attribute(properties, "lvl", "0") if properties is not None else "0"
        level = int(text) if text.isdecimal() and len(text) < 2 else 0
        self.counts = {other: count for other, count in self.counts.items() if other <= level}
        if "buAutoNum" in kinds:
            self.counts[level] = self.counts.get(level, 0) + 1
            return level, f"{self.counts[level]}. "
        self.counts.pop(level, None)
        marked = "buNone" not in kinds and (bulleted or bool(kinds & {"buChar", "buBlip"}) or level > 0)
        return level, "- " if marked else ""

    def paragraph(self, one: Any, *, ground: bool) -> str:
        """The text of a paragraph that can be seen."""
        parts = []
        for run in one:
            if local(run) == "br":
                parts.append("\n")
            elif local(run) in {"r", "fld"}:
                text = "".join(part.text or "" for part in run if local(part) == "t")
                properties = child(run, "rPr")
                if properties is not None and not self.keep_hidden and is_unseen(properties, ground=ground):
                    self.hidden += visible_length(text)
                    continue
                lifted = properties is not None and attribute(properties, "baseline", "0").rstrip("0") not in {"", "-"}
                up = lifted and not attribute(properties, "baseline").startswith("-")
                parts.append(raised(text) if up else text)
        return tidy("".join(parts).replace("\v", "\n"))

    def graphic(self, one: Any) -> list[str]:
        """A table, a chart, or the words of a diagram."""
        if local(one) == "tbl":
            return self.table(one)
        relation = self.relations.get(attribute(one, "id") or attribute(one, "dm"))
        if relation is None or relation.target not in self.package.names:
            return []
        if relation.kind == "chart":
            return chart_blocks(self.package.xml(relation.target))
        if relation.kind == "diagramData":
            words = [part for part in self.package.xml(relation.target).iter() if local(part) == "p"]
            return [f"- {text}" for part in words if (text := self.paragraph(part, ground=True))]
        return []

    def table(self, table: Any) -> list[str]:
        """A table, merged cells repeated."""
        rows = [[cell for cell in row if local(cell) == "tc"] for row in table if local(row) == "tr"]
        grid = [
            [
                Cell(self.cell(cell), number(cell, "gridSpan"), number(cell, "rowSpan"))
                for cell in row
                if attribute(cell, "hMerge") in OFF and attribute(cell, "vMerge") in OFF
            ]
            for row in rows
        ]
        text = markdown_table(spread(grid))
        return [text] if text else []

    def cell(self, cell: Any) -> str:
        """The text of a cell."""
        body = child(cell, "txBody")
        return "" if body is None else " ".join(self.paragraph(one, ground=True) for one in paragraphs(body))


def paragraphs(body: Any) -> list[Any]:
    """The paragraphs of a text body."""
    return [one for one in body if local(one) == "p"]


def number(element: Any, name: str) -> int:
    """A whole number from an attribute, 1 where there is none."""
    text = attribute(element, name, "1")
    return int(text) if text.isdecimal() and len(text) < 6 else 1


def is_unseen(properties: Any, *, ground: bool) -> bool:
    """Whether a run is too small to see, or white where nothing dark is behind it."""
    size = attribute(properties, "sz")
    if size.isdecimal() and int(size) < SMALLEST:
        return True
    fill = child(properties, "solidFill")
    return not ground and fill is not None and is_white(fill)


def is_white(fill: Any) -> bool:
    """Whether a fill is white, or the ground of the theme, without a change of tone."""
    return any(not len(colour) and attribute(colour, "val").upper() in {"FFFFFF", "BG1", "WHITE"} for colour in fill)


def is_marked_hidden(element: Any) -> bool:
    """Whether a shape is switched off."""
    for one in element:
        if local(one).startswith("nv"):
            properties = child(one, "cNvPr")
            return properties is not None and attribute(properties, "hidden") not in OFF
    return False
