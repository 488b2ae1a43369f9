"""Tables without lines: runs of rows whose gaps stand above each other."""

import re
from collections.abc import Iterator, Sequence

from raftune.reading.pdf.columns import is_number
from raftune.reading.pdf.rules import Rules
from raftune.reading.pdf.segments import Segment, words_text
from raftune.reading.pdf.tables import Table, table_of

LEADER = re.compile(r"\.{4,}|(?:\. ){4,}|·{4,}|…{2,}")
MARKER = re.compile(r"(?:[•◦▪‣●–—*-]|\(?[0-9A-Za-z가-힣]{1,3}[.)])$")


def unruled_tables(block: Sequence[Segment | Table], rules: Rules) -> list[Segment | Table]:
    """A block of a column in which runs of rows with aligned gaps have become tables."""
    result: list[Segment | Table] = []
    run: list[list[Segment]] = []
    for line in lines_of(block):
        if isinstance(line, Table):
            result += [*flushed(run, rules), line]
            run = []
        elif (len(line) > 1 and not is_list_line(line)) or (run and goes_with(run, line)):
            run.append(line)
        else:
            result += [*flushed(run, rules), *line]
            run = []
    return result + flushed(run, rules)


def lines_of(block: Sequence[Segment | Table]) -> Iterator[list[Segment] | Table]:
    """Segments on one baseline together; tables alone."""
    row: list[Segment] = []
    for item in block:
        if isinstance(item, Table):
            if row:
                yield sorted(row, key=lambda segment: segment.left)
            yield item
            row = []
        elif row and abs(item.baseline - row[0].baseline) <= 0.35 * min(item.size, row[0].size):
            row.append(item)
        else:
            if row:
                yield sorted(row, key=lambda segment: segment.left)
            row = [item]
    if row:
        yield sorted(row, key=lambda segment: segment.left)


def is_list_line(line: Sequence[Segment]) -> bool:
    """Whether the gap in a line is that of a list's marker or of a table of contents."""
    return LEADER.search(words_text(word for piece in line for word in piece.words)) is not None or (
        len(line) == 2 and MARKER.match(line[0].text) is not None
    )


def goes_with(run: Sequence[Sequence[Segment]], line: Sequence[Segment]) -> bool:
    """Whether a line without gaps may stand inside a table: a label, or a cell that goes on, close below a row."""
    alone = 0
    for row in reversed(run):
        if len(row) > 1:
            break
        alone += 1
    pitch = line[0].baseline - run[-1][0].baseline
    right = max(piece.right for row in run for piece in row)
    left = min(piece.left for row in run for piece in row)
    return alone < 2 and 0 < pitch < 2.2 * line[0].size and line[0].right - line[0].left < 0.6 * (right - left)


def flushed(run: list[list[Segment]], rules: Rules) -> list[Segment | Table]:
    """A run of rows as a table, or as the segments it is made of."""
    while run and len(run[-1]) == 1:
        return [*flushed(run[:-1], rules), *run[-1]]
    words = [word for line in run for piece in line for word in piece.words]
    several = sum(len(line) > 1 for line in run)
    if several >= 3:
        frame = (
            min(w.left for w in words),
            min(w.top for w in words),
            max(w.right for w in words),
            max(w.bottom for w in words),
        )
        near = Rules(
            rules.horizontal, tuple(line for line in rules.vertical if line[2] > frame[1] and line[1] < frame[3])
        )
        table = table_of(words, near, frame)
        if table is not None and is_regular(table):
            below = [piece for line in run for piece in line if piece.baseline > table.bottom + 2]
            return [table, *below]
    return [piece for line in run for piece in line]


def is_regular(table: Table) -> bool:
    """Whether most rows fill several columns, with numbers beside the labels or a header above: else it was chance."""
    filled = [sum(map(bool, row)) for row in table.rows]
    several = sum(count > 1 for count in filled)
    numbers = sum(any(is_number(words_text(cell)) for cell in row[1:] if cell) for row in table.rows)
    enough = numbers >= 0.4 * len(filled) or (any(table.header) and several >= 0.8 * len(filled))
    return len(table.rows) >= 2 and several >= 0.6 * len(filled) and enough
