"""Elements of HTML -> blocks of Markdown: paragraphs, headings, lists, tables, code, quotations."""

import re
from typing import Any

from raftune.reading.hidden import visible_length
from raftune.reading.joining import UNSEEN, indented, raised, tidy
from raftune.reading.markup.style import is_chrome, is_hidden
from raftune.reading.tables import Cell, joined_header, markdown_table, spread

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ROWS = frozenset(["thead", "tbody", "tfoot", "tr"])
HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
CODE = frozenset(["code", "kbd", "samp", "tt"])
DEEPEST = 100  # what is nested deeper is taken as plain text: a page of a thousand boxes must not end the process


class Blocks:
    """Renders one document. `hidden` counts the characters it left out because nobody sees them."""

    def __init__(self, root: Any, *, keep_hidden: bool) -> None:
        self.keep_hidden = keep_hidden
        self.hidden = 0
        self.around_blocks: set[Any] = set()
        for element in root.iter(*BLOCKS):
            above = element.getparent()
            while above is not None and above not in self.around_blocks:
                self.around_blocks.add(above)
                above = above.getparent()

    def inside(self, element: Any, depth: int = 0) -> list[str]:
        """The blocks of what an element holds."""
        if depth > DEEPEST:
            return [text] if (text := tidy(self.flattened(element))) else []
        blocks: list[str] = []
        line = [flat(element.text)]
        for child in element:
            if not self.is_left_out(child):
                if child.tag in BLOCKS or child in self.around_blocks:
                    blocks += [tidy("".join(line)), *self.block(child, depth + 1)]
                    line = []
                else:
                    line.append(self.inline(child, depth + 1))
            line.append(flat(child.tail))
        return [block for block in [*blocks, tidy("".join(line))] if block]

    def flattened(self, element: Any) -> str:
        """All the text in an element, without regard to how it is set."""
        parts = [flat(element.text)]
        stack = [*reversed(element)]
        while stack:
            one = stack.pop()
            if isinstance(one, str):
                parts.append(one)
                continue
            stack.append(flat(one.tail))
            if not self.is_left_out(one):
                parts.append(flat(one.text))
                stack += reversed(one)
        return "".join(parts)

    def is_left_out(self, element: Any) -> bool:
        """Whether an element is no content, or hidden; what is hidden is counted."""
        if not isinstance(element.tag, str) or is_chrome(element):
            return True
        if self.keep_hidden or not is_hidden(element):
            return False
        text = visible_length("".join(element.itertext()))
        self.hidden += text if text > 2 else 0  # signs such as a heading's paragraph mark are hidden from nobody
        return True

    def block(self, element: Any, depth: int) -> list[str]:
        """The blocks of a block element."""
        tag = element.tag
        if tag in HEADINGS:
            text = " ".join(" ".join(self.inside(element, depth)).split())
            return [f"{HEADINGS[tag]} {text}"] if text else []
        if tag in {"ul", "ol"}:
            return self.list_of(element, depth)
        if tag == "pre":
            return self.code(element)
        if tag == "table":
            return self.table(element, depth)
        if tag == "blockquote":
            return [quoted("\n\n".join(blocks))] if (blocks := self.inside(element, depth)) else []
        if tag == "dd":
            return [f"- {indented(blocks, 2)}"] if (blocks := self.inside(element, depth)) else []
        return self.inside(element, depth)

    def inline(self, element: Any, depth: int) -> str:
        """The text of an inline element on its line; links are their text."""
        if element.tag == "br":
            return "\n"
        if element.tag == "img" or is_note_mark(element):
            return ""
        if depth > DEEPEST:
            return self.flattened(element)
        parts = [flat(element.text)]
        for child in element:
            if not self.is_left_out(child):
                parts.append(self.inline(child, depth + 1))
            parts.append(flat(child.tail))
        text = "".join(parts)
        if element.tag in CODE and text.strip() and "`" not in text:
            return f"`{text.strip()}`"
        if element.tag == "rt" and text.strip():
            return f"({text.strip()})"
        return raised(text) if element.tag == "sup" else text

    def list_of(self, element: Any, depth: int) -> list[str]:
        """A list as one block, its items' further blocks indented under them."""
        start = element.get("start", "1")
        number = int(start) if start.isdecimal() and len(start) < 10 else 1
        items = [f"- {text}" for text in strays(element)]
        for child in element:
            if self.is_left_out(child) or not (blocks := self.item(child, depth)):
                continue
            mark = f"{number}. " if element.tag == "ol" else "- "
            items.append(mark + indented(blocks, len(mark)))
            number += 1
        return ["\n".join(items)] if items else []

    def item(self, element: Any, depth: int) -> list[str]:
        """The blocks of a list's item; a list right inside a list counts as one."""
        return self.block(element, depth) if element.tag in {"ul", "ol"} else self.inside(element, depth)

    def code(self, element: Any) -> list[str]:
        """A block of code as it stands, fenced, with its language where it is marked."""
        for line_break in element.iter("br"):
            line_break.tail = "\n" + (line_break.tail or "")
        text = "".join(element.itertext()).replace("\r\n", "\n").strip("\n")
        if not text.strip():
            return []
        classes = " ".join(inner.get("class") or "" for inner in (element, *element.iter("code")))
        language = re.search(r"\b(?:language|lang)-([\w+#.-]+)", classes)
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        return [f"{fence}{language[1] if language else ''}\n{text}\n{fence}"]

    def table(self, element: Any, depth: int) -> list[str]:
        """A table as its caption and a Markdown table; one that is there for the layout as what its cells hold."""
        rows = rows_of(element)
        caption = self.beside_rows(element, depth)
        widest = max((len(row) for row in rows), default=0)
        if widest <= 1 or len(rows) <= 1 or element.get("role") == "presentation" or nests(element):
            return [*caption, *(block for row in rows for cell in row for block in self.cell(cell, depth))]
        grid = spread([[self.spanning(cell, depth) for cell in row if not self.is_left_out(cell)] for row in rows])
        text = markdown_table(joined_header(grid, len(element.findall("thead/tr"))))
        return [*caption, text] if text else caption

    def beside_rows(self, element: Any, depth: int) -> list[str]:
        """The blocks of a caption, and of what stands in a table but in none of its cells."""
        blocks = strays(element)
        for child in element:
            if child.tag in ROWS:
                blocks += self.beside_rows(child, depth)
            elif child.tag not in {"td", "th"} and not self.is_left_out(child):
                blocks += self.inside(child, depth)
        return blocks

    def cell(self, cell: Any, depth: int) -> list[str]:
        """The blocks of a cell."""
        return [] if self.is_left_out(cell) else self.inside(cell, depth)

    def spanning(self, cell: Any, depth: int) -> Cell:
        """A cell with its text on one line and its spans."""
        return Cell(" ".join(self.inside(cell, depth)), span(cell.get("colspan")), span(cell.get("rowspan")))


def rows_of(table: Any) -> list[list[Any]]:
    """The cells of each row of a table, its own only; the header first, the footer last, wherever they stand."""
    order = {"thead": 0, "tfoot": 2}
    rows: list[list[Any]] = []
    loose = False
    for part in sorted(table, key=lambda child: order.get(child.tag, 1)):
        for one in part if part.tag in {"thead", "tbody", "tfoot"} else [part]:
            if one.tag == "tr":
                rows.append(list(one.iterchildren("td", "th")))
            elif one.tag in {"td", "th"}:
                rows = [*rows[:-1], [*rows[-1], one]] if loose else [*rows, [one]]
            loose = one.tag in {"td", "th"}
    return rows


def strays(element: Any) -> list[str]:
    """The texts that stand right in a list or table, where none belongs but browsers show it."""
    texts = (tidy(flat(text)) for text in (element.text, *(child.tail for child in element)))
    return [text for text in texts if text]


def nests(table: Any) -> bool:
    """Whether a table holds another, or headings: then it is there for the layout."""
    return any(inner is not table for inner in table.iter("table", "h1", "h2", "h3"))


def span(value: str | None) -> int:
    """How many columns or rows a cell covers."""
    return int(value) if value and value.isdecimal() and len(value) < 6 else 1


def is_note_mark(element: Any) -> bool:
    """Whether a raised link to a note: it would stand in the middle of a quote."""
    if element.tag == "a" and [child.tag for child in element] == ["sup"] and not (element.text or "").strip():
        return "#" in (element.get("href") or "")
    links = list(element.iter("a")) if element.tag == "sup" else []
    return bool(links) and all("#" in (link.get("href") or "") for link in links)


def flat(text: str | None) -> str:
    """Text of the source with its white space as a browser shows it."""
    return re.sub(r"\s+", " ", text.translate(UNSEEN)) if text else ""


def quoted(text: str) -> str:
    """A quotation."""
    return re.sub(r"(?m)^", "> ", text).replace("> \n", ">\n")
