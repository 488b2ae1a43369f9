"""Tables that lines show, and what all tables are made of: words become a header and rows of cells."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from raftune.reading.pdf.grid import column_bounds, walls
from raftune.reading.pdf.rows import Row, first_data_row, first_group, joined_rows, notes_from, placed_row
from raftune.reading.pdf.rules import Line, Rules
from raftune.reading.pdf.segments import Segment, cut_row, rows_of, words_text
from raftune.reading.pdf.words import Box, Word

CAPTION = re.compile(r"(?:Table|Exhibit|Schedule|표|별표|<표)\s*[\dA-Z.\-]+", re.IGNORECASE)
SAME_EDGE = 10.0
NEAR = 42.0  # points: lines of one table that no vertical line connects stand closer
LONGEST_HEADER = 40  # lines: cells of many lines stand at heights of their own
LONGEST_BARE_HEADER = 6
Cell = tuple[Word, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells; `caption` holds lines inside the frame above the header. Has the place of a segment."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: tuple[tuple[Word, ...], ...]
    left: float
    top: float
    right: float
    bottom: float
    size: float
    text: str = field(default="table " * 5)

    @property
    def baseline(self) -> float:
        """Where it stands among lines."""
        return self.top


def ruled_tables(words: Sequence[Word], rules: Rules) -> tuple[list[Table], list[Word]]:
    """The tables that lines show, and the words outside of them."""
    tables: list[Table] = []
    rest = list(words)
    for left, top, right, bottom in parted(frames(rules), words):
        inside = [
            w for w in rest if left - 2 <= (w.left + w.right) / 2 <= right + 2 and top - 2 <= w.baseline <= bottom + 2
        ]
        table = table_of(inside, rules, (left, top, right, bottom)) if len(inside) >= 6 else None
        if table is not None:
            tables.append(table)
            taken = {id(word) for word in inside if word.baseline <= table.bottom + 2}
            rest = [word for word in rest if id(word) not in taken]
    return tables, rest


def frames(rules: Rules) -> Iterator[Box]:
    """Boxes around horizontal lines of one width that stand close or are tied by a vertical one."""
    stacks: list[list[Line]] = []
    for line in sorted(rules.horizontal):
        place, left, right = line
        if right - left < 60:
            continue
        for stack in stacks:
            last = stack[-1]
            if abs(last[1] - left) <= SAME_EDGE and abs(last[2] - right) <= SAME_EDGE and tied(last, place, rules):
                stack.append(line)
                break
        else:
            stacks.append([line])
    for stack in stacks:
        top, bottom = stack[0][0], stack[-1][0]
        left, right = min(line[1] for line in stack), max(line[2] for line in stack)
        inner = [
            x for x, begin, end in rules.vertical if left + 5 < x < right - 5 and end > top + 2 and begin < bottom - 2
        ]
        if len(stack) >= 3 or (len(stack) == 2 and inner):
            yield left, top, right, bottom


def parted(boxes: Iterable[Box], words: Sequence[Word]) -> Iterator[Box]:
    """Frames cut where the caption of another table stands inside."""
    for left, upper, right, bottom in boxes:
        top = upper
        inside = [word for word in words if left - 2 <= word.left <= right and top - 2 <= word.baseline <= bottom + 2]
        for number, row in enumerate(rows_of(word for word in inside if not word.turned)):
            if number and CAPTION.match(words_text(row)) and len(cut_row(row)) == 1:
                edge = min(word.top for word in row) - 1
                yield left, top, right, edge
                top = edge
        yield left, top, right, bottom


def tied(line: Line, lower: float, rules: Rules) -> bool:
    """Whether what stands below `line` at `lower` belongs to the same table."""
    if lower - line[0] <= NEAR:
        return True
    return any(
        begin <= line[0] + 4 and end >= lower - 4 and line[1] - 4 <= x <= line[2] + 4
        for x, begin, end in rules.vertical
    )


def table_of(words: Sequence[Word], rules: Rules, frame: Box) -> Table | None:
    """The words of a frame as a table, or None if they show fewer than two columns or two rows.

    Lines of text below its rows are left out of it: the table's `bottom` is above them.
    """
    rows = rows_of(word for word in words if not word.turned)
    caption, rows = without_caption(rows, rules, frame)
    bounds = column_bounds(rows, rules, frame)
    end = notes_from(rows, bounds)
    if end < len(rows):
        frame = (*frame[:3], (rows[end - 1][0].baseline + rows[end][0].top) / 2)
        rows = rows[:end]
        bounds = column_bounds(rows, rules, frame)
    if len(bounds) < 1 or len(rows) < 2:
        return None
    placed = [placed_row(row, bounds) for row in rows]
    first = min(
        first_data_row(placed[: LONGEST_HEADER if rules.horizontal else LONGEST_BARE_HEADER]),
        first_group(placed, rules, frame),
    )
    header = header_cells(rows[:first], bounds, rules, frame)
    body = joined_rows(placed[first:], bounds, rules, frame)
    if not body:
        return None
    return made(header, body, caption, frame, median(word.size for word in words))


def made(
    header: Sequence[Iterable[Word]],
    body: Sequence[Row],
    caption: Sequence[Sequence[Word]],
    frame: Box,
    size: float,
) -> Table:
    """A table without the columns that hold nothing."""
    used = [n for n in range(len(header)) if any(header[n]) or any(row.cells[n] for row in body)]
    return Table(
        tuple(tuple(header[n]) for n in used),
        tuple(tuple(tuple(row.cells[n]) for n in used) for row in body),
        tuple(tuple(line) for line in caption),
        *frame,
        size,
    )


def without_caption(rows: list[list[Word]], rules: Rules, frame: Box) -> tuple[list[list[Word]], list[list[Word]]]:
    """Rows at the top that are one line of text over the whole width, and the other rows."""
    number = 0
    while number < len(rows) - 2:
        pieces = cut_row(rows[number])
        bounded = [x for x in walls(rules, pieces[0]) if frame[0] + 6 < x < frame[2] - 6]
        if len(pieces) > 1 or bounded or wraps_into(rows[number], rows[number + 1], rules):
            break
        number += 1
    return rows[:number], rows[number:]


def wraps_into(row: Sequence[Word], below: Sequence[Word], rules: Rules) -> bool:
    """Whether a line stands right over the words of a header, and is one of its headings."""
    if len(cut_row(below)) < 2 or any(row[0].baseline < y < below[0].baseline for y, _, _ in rules.horizontal):
        return False
    return below[0].baseline - row[0].baseline < 1.3 * row[0].size and not row[0].bold


def header_cells(rows: Sequence[Sequence[Word]], bounds: Sequence[float], rules: Rules, frame: Box) -> list[list[Word]]:
    """The header of each column; a heading over several columns stands in each of them."""
    edges = [frame[0], *bounds, frame[2]]
    cells: list[list[Word]] = [[] for _ in range(len(bounds) + 1)]
    for row in rows:
        for piece in pieces_by_walls(row, rules):
            left, right = extent(piece, rules, frame)
            for column in range(len(cells)):
                shared = min(right, edges[column + 1]) - max(left, edges[column])
                if shared > 0.5 * min(edges[column + 1] - edges[column], right - left):
                    cells[column] += piece.words
    return cells


def pieces_by_walls(row: Sequence[Word], rules: Rules) -> list[Segment]:
    """A header row cut at wide gaps and at vertical lines."""
    pieces: list[Segment] = []
    for piece in cut_row(row):
        lines = walls(rules, piece)
        groups: dict[int, list[Word]] = {}
        for word in piece.words:
            groups.setdefault(sum(x < (word.left + word.right) / 2 for x in lines), []).append(word)
        pieces += [Segment(tuple(group)) for group in groups.values()]
    return pieces


def extent(piece: Segment, rules: Rules, frame: Box) -> tuple[float, float]:
    """From where to where a header cell reaches: to the vertical lines beside it, or as far as its words."""
    lines = walls(rules, piece)
    inner = [x for x in lines if frame[0] + 6 < x < frame[2] - 6]
    if not inner:
        return piece.left, piece.right
    left = max((x for x in lines if x <= piece.left + 2), default=frame[0])
    right = min((x for x in lines if x >= piece.right - 2), default=frame[2])
    return left, right
