"""Markdown as blocks with exact offsets: headings, and between them text, lists, tables and fenced code.

Pages of a document are joined by one line feed, so a paragraph, a table or a list may simply go on behind one.
"""

import heapq
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["text", "list", "table", "code"]

MARK = r"(?:[-*+•◦▪○●■□]|\(?\d{1,3}[.)]|[가나다라마바사아자차카타파하][.)]|[①-⑳])[ \t]+\S"
ITEM = re.compile(rf"[ \t]*{MARK}")
SPECIAL = re.compile(rf"^(?:[ \t]*{MARK}|[^\n|]*\|)", re.MULTILINE)
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
HEADING = re.compile(r"#{1,6} ")
BOUNDARY = re.compile(r"^#{1,6} [^\n]*|^\n\s*\n", re.MULTILINE)


class Fence(NamedTuple):
    """Characters [start, end) from an opening fence to the end of its closing one."""

    start: int
    end: int


@dataclass(frozen=True)
class Block:
    """Characters [start, end) of one kind, white space around them left out.

    `starts` is where it may be cut: at its items, rows or lines. A `loose` list has blank lines between its items.
    """

    kind: Kind
    start: int
    end: int
    starts: tuple[int, ...] = ()
    loose: bool = False


@dataclass(frozen=True)
class Piece:
    """A heading (`level` 1 to 6), or what stands between two headings (`level` 0) with its blocks."""

    level: int
    start: int
    end: int
    blocks: tuple[Block, ...] = ()


class Table(NamedTuple):
    """A table whose header rows are the characters [header_start, header_end), and other rows [start, end)."""

    start: int
    end: int
    header_start: int
    header_end: int


class Outline:
    """A text's pieces in order, the headings above each place, and the header of the table around it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces = tuple(pieces_of(text))
        self._heading_starts: list[int] = []
        self._paths: list[tuple[str, ...]] = []
        path: list[str] = []
        for piece in self.pieces:
            if piece.level:
                path = under(path, piece.level, text[piece.start : piece.end])
                self._heading_starts.append(piece.start)
                self._paths.append(tuple(title for title in path if title))
        blocks = [block for piece in self.pieces for block in piece.blocks if block.kind == "table"]
        self._tables = [table for block in blocks if (table := table_of(text, block)) is not None]
        self._table_starts = [table.start for table in self._tables]

    def headings(self, position: int) -> tuple[str, ...]:
        """The headings above a place, outermost first; a heading that begins there is the last of them."""
        place = bisect_right(self._heading_starts, position)
        return self._paths[place - 1] if place else ()

    def header(self, position: int) -> tuple[int, int] | None:
        """The span of the header rows of the table whose further rows the place stands in, or None."""
        place = bisect_right(self._table_starts, position)
        if not place or position >= self._tables[place - 1].end:
            return None
        return self._tables[place - 1].header_start, self._tables[place - 1].header_end


def under(path: Sequence[str], level: int, heading: str) -> list[str]:
    """The headings above what follows `heading`: it replaces those of its own level and below."""
    above = list(path[: level - 1])
    return above + [""] * (level - 1 - len(above)) + [heading[level:].strip()]


def pieces_of(text: str) -> Iterator[Piece]:
    """Headings and what stands between them; two blank lines part pieces as well."""
    fences = fences_of(text)
    begun = 0
    for match in BOUNDARY.finditer(text):
        if fence_at(fences, match.start()) is None:
            yield from body_of(text, begun, match.start(), fences)
            if match.group().strip():
                yield heading_of(text, match.start(), match.end())
            begun = match.end()
    yield from body_of(text, begun, len(text), fences)


def heading_of(text: str, start: int, end: int) -> Piece:
    """A heading's piece; number signs without words are text."""
    start, end = trimmed(text, start, end)
    match = HEADING.match(text, start, end)
    if match is None:
        return Piece(0, start, end, (Block("text", start, end),))
    return Piece(match.end() - start - 1, start, end)


def body_of(text: str, start: int, end: int, fences: Sequence[Fence]) -> Iterator[Piece]:
    """The piece between two headings, unless it holds only white space."""
    start, end = trimmed(text, start, end)
    if start < end:
        yield Piece(0, start, end, tuple(blocks_of(text, start, end, fences)))


def blocks_of(text: str, start: int, end: int, fences: Sequence[Fence]) -> Iterator[Block]:
    """The blocks of [start, end), in order; together they hold all that is not white space."""
    begun = start
    # The first line has lost its white space; the search begins in front of it, where a line begins.
    marked = (match.start() for match in SPECIAL.finditer(text, text.rfind("\n", 0, start) + 1, end))
    inside = fences[bisect_left(fences, (start, 0)) : bisect_left(fences, (end, 0))]
    for place in heapq.merge(marked, (fence.start for fence in inside)):
        if max(place, start) < begun:
            continue
        block = block_at(text, max(place, start), end, fences)
        if block is not None:
            yield from text_of(text, begun, block.start)
            yield block
            begun = block.end
    yield from text_of(text, begun, end)


def text_of(text: str, start: int, end: int) -> Iterator[Block]:
    """Plain text, unless there is only white space."""
    start, end = trimmed(text, start, end)
    if start < end:
        yield Block("text", start, end)


def block_at(text: str, start: int, end: int, fences: Sequence[Fence]) -> Block | None:
    """The code, table or list that begins with the line at `start`, or None."""
    fence = fence_at(fences, start)
    if fence is not None:
        lines = [begin for begin, stop in lines_of(text, start, min(end, fence.end)) if not is_blank(text, begin, stop)]
        return Block("code", *trimmed(text, start, min(end, fence.end)), tuple(lines))
    return table_at(text, start, end) or list_at(text, start, end)


def table_at(text: str, start: int, end: int) -> Block | None:
    """The table that begins here: all its lines start with a bar, or the second one is a separator row."""
    rows: list[tuple[int, int]] = []
    ruled = False
    for begin, stop in lines_of(text, start, end):
        row = text[begin:stop].strip()
        if not rows and stop < end:
            ruled = is_separator(text, stop, line_end(text, stop, end))
        if not (row.startswith("|") or (ruled and "|" in row)):
            break
        rows.append((begin, stop))
    if len(rows) < 2:
        return None
    return Block("table", *trimmed(text, start, rows[-1][1]), tuple(begin for begin, _ in rows))


def list_at(text: str, start: int, end: int) -> Block | None:
    """The list that begins here, if it has more than one item; text below an item belongs to it up to a blank line."""
    items: list[int] = []
    blank = loose = False
    stopped = start
    for begin, stop in lines_of(text, start, end):
        if is_blank(text, begin, stop):
            blank = True
            continue
        item = ITEM.match(text, begin) is not None
        if (blank and not item and not text.startswith(("  ", "\t"), begin)) or text.startswith("|", begin):
            break
        if item:
            items.append(begin)
        loose = loose or blank
        blank, stopped = False, stop
    if len(items) < 2:
        return None
    return Block("list", *trimmed(text, start, stopped), tuple(items), loose)


def table_of(text: str, block: Block) -> Table | None:
    """The table of a block, or None where it has no header or no row below it."""
    if len(block.starts) < 3 or not is_separator(text, block.starts[1], block.starts[2]):
        return None
    header_end = trimmed(text, block.starts[1], block.starts[2])[1]
    return Table(block.starts[2], block.end, block.start, header_end)


def is_separator(text: str, start: int, end: int) -> bool:
    """Whether a line is the row of dashes below a table's header."""
    row = text[start:end].strip()
    return "-" in row and "|" in row and not row.strip("|-: \t")


def fence_at(fences: Sequence[Fence], position: int) -> Fence | None:
    """The fenced code around a place, or None."""
    place = bisect_right(fences, position, key=lambda fence: fence.start)
    return fences[place - 1] if place and position < fences[place - 1].end else None


def fences_of(text: str) -> list[Fence]:
    """The fenced code of a text. A fence that is never closed counts as text."""
    fences: list[Fence] = []
    unclosed: dict[str, int] = {}
    matches = list(FENCE.finditer(text))
    position = 0
    while position < len(matches):
        opening = matches[position]
        mark = opening.group(1)
        position += 1
        # No fence as long as one that was not closed can be closed either.
        if len(mark) >= unclosed.get(mark[0], len(mark) + 1):
            continue
        for place in range(position, len(matches)):
            closing = matches[place]
            if closing.group(1).startswith(mark) and not closing.group(2).strip():
                fences.append(Fence(opening.start(), closing.end()))
                position = place + 1
                break
        else:
            unclosed[mark[0]] = len(mark)
    return fences


def lines_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of [start, end) as (start, end), line feeds included."""
    while start < end:
        stop = line_end(text, start, end)
        yield start, stop
        start = stop


def line_end(text: str, start: int, end: int) -> int:
    """Where the line at `start` ends, its line feed included; at most `end`."""
    return text.find("\n", start, end) + 1 or end


def is_blank(text: str, start: int, end: int) -> bool:
    """Whether [start, end) holds only white space."""
    return not text[start:end].strip()


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) without the white space at its ends; empty where there is nothing else."""
    piece = text[start:end].rstrip()
    end = start + len(piece)
    return end - len(piece.lstrip()), end
