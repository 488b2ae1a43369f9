"""The rows of a table: which lines are its header, which belong to one row, and where notes below it begin."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from raftune.reading.pdf.columns import is_number
from raftune.reading.pdf.rules import Rules
from raftune.reading.pdf.segments import cut_row, words_text
from raftune.reading.pdf.words import Box, Word

YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass
class Row:
    """Words on one baseline, by column."""

    baseline: float
    cells: list[list[Word]]

    @property
    def filled(self) -> list[int]:
        """The columns that hold words."""
        return [number for number, cell in enumerate(self.cells) if cell]


def placed_row(row: Sequence[Word], bounds: Sequence[float]) -> Row:
    """A row's words by column. A row that is one piece of text stays in one cell, also where it is longer."""
    cells: list[list[Word]] = [[] for _ in range(len(bounds) + 1)]
    alone = len(cut_row(row)) == 1 and not is_number(words_text(row))
    for word in row:
        place = row[0].left + 1 if alone else (word.left + word.right) / 2
        cells[sum(bound < place for bound in bounds)].append(word)
    return Row(median(word.baseline for word in row), cells)


def notes_from(rows: Sequence[Sequence[Word]], bounds: Sequence[float]) -> int:
    """Where the rows at the end begin that are no rows of the table: lines of text across its columns."""
    end = len(rows)
    while end > 1 and not is_plain(rows[end - 1], bounds):
        end -= 1
    if not any(runs_across(row, bounds) for row in rows[end:]):
        return len(rows)
    while end < len(rows) and is_below(rows[end - 1], rows[end]) and not runs_across(rows[end], bounds):
        end += 1  # the label of the last row may go on below it
    return end


def is_below(row: Sequence[Word], line: Sequence[Word]) -> bool:
    """Whether a line follows a row as closely as the lines of one cell."""
    return len(cut_row(line)) == 1 and line[0].baseline - row[0].baseline < 1.6 * line[0].size


def is_plain(row: Sequence[Word], bounds: Sequence[float]) -> bool:
    """Whether a row has several cells and none of them reaches over others."""
    return len(cut_row(row)) > 1 and not runs_across(row, bounds)


def runs_across(row: Sequence[Word], bounds: Sequence[float]) -> bool:
    """Whether a piece of text in a row stands in three columns or more."""
    return any(
        sum(piece.left < bound < piece.right for bound in bounds) >= 2
        and sum(is_number(word.text) for word in piece.words) <= len(piece.words) / 3
        for piece in cut_row(row)
    )


def first_data_row(rows: Sequence[Row]) -> int:
    """The number of header rows: those above the first row with numbers beside a label; one where none has any."""
    for number, row in enumerate(rows):
        texts = [words_text(row.cells[column]) for column in row.filled if column > 0]
        numbers = [text for text in texts if is_number(text)]
        if numbers and not all(YEAR.match(text) for text in numbers) and len(row.filled) >= 0.3 * len(row.cells):
            return number
    return 1 if rows and len(rows[0].filled) > 1 else 0


def first_group(rows: Sequence[Row], rules: Rules, frame: Box) -> int:
    """How many rows stand above the first line across the table that has rows above it; all where there is none."""
    for y in sorted(wide_rules(rules, frame)):
        above = sum(row.baseline < y for row in rows)
        if above:
            return above
    return len(rows)


def wide_rules(rules: Rules, frame: Box) -> list[float]:
    """The heights of lines across most of a frame."""
    return [
        y
        for y, left, right in rules.horizontal
        if right - left >= 0.6 * (frame[2] - frame[0]) and frame[1] - 2 <= y <= frame[3] + 2
    ]


def joined_rows(rows: Sequence[Row], bounds: Sequence[float], rules: Rules, frame: Box) -> list[Row]:
    """Rows with the lines of one cell put together: between two horizontal lines, or where a row only goes on."""
    wide = wide_rules(rules, frame)
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(sum(y < row.baseline - 1 for y in wide), []).append(row)
    result: list[Row] = []
    for group in groups.values():
        if len(groups) > 2 and len(group) > 1 and is_one_row(group, bounds, frame):
            result.append(merged(group))
            continue
        for row in group:
            if result and row is not group[0] and goes_on(result[-1], row):
                result[-1] = merged([result[-1], row])
            else:
                result.append(row)
    return result


def is_one_row(group: Sequence[Row], bounds: Sequence[float], frame: Box) -> bool:
    """Whether the lines between two rules are one row of the table: they wrap, or only the first has a label."""
    if sum(len(row.filled) >= 0.6 * len(row.cells) and has_numbers(row) for row in group) > 1:
        return False
    if not any(row.cells[0] for row in group[1:]) and group[0].cells[0]:
        return True
    edges = [frame[0], *bounds, frame[2]]
    return len(group) <= 8 and all(
        any(
            row.cells[column][-1].right - row.cells[column][0].left >= 0.55 * (edges[column + 1] - edges[column])
            for column in row.filled
        )
        for row in group[:-1]
    )


def has_numbers(row: Row) -> bool:
    """Whether most cells beside the label are numbers."""
    texts = [words_text(row.cells[column]) for column in row.filled if column > 0]
    return sum(map(is_number, texts)) > len(texts) / 2


def goes_on(row: Row, below: Row) -> bool:
    """Whether the row below is the second line of cells of this one: no label or number, and text stands above each."""
    if below.cells[0] or len(below.filled) > max(1, len(row.filled) // 2) or below.baseline - row.baseline > 60:
        return False
    return all(
        row.cells[column]
        and not is_number(words_text(row.cells[column]))
        and not is_number(words_text(below.cells[column]))
        for column in below.filled
    )


def merged(rows: Sequence[Row]) -> Row:
    """Several lines as one row; its baseline is the last one's, so that a third line may go on."""
    cells = [[word for row in rows for word in row.cells[column]] for column in range(len(rows[0].cells))]
    return Row(rows[-1].baseline, cells)
