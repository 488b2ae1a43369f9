"""Rows of cells -> the one Markdown form of tables: `| a | b |`, a rule under the first row, each cell on one line."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

MOST_COLUMNS = 1000


class Cell(NamedTuple):
    """A cell's text, and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


def markdown_table(rows: Iterable[Sequence[str]]) -> str:
    """The table without its empty rows and columns; "" where nothing is left. Pipes are escaped, short rows filled."""
    lines = [[one_line(cell) for cell in row] for row in rows]
    lines = [line for line in lines if any(line)]
    width = max((len(line) for line in lines), default=0)
    for line in lines:
        line.extend([""] * (width - len(line)))
    used = [column for column in range(width) if any(line[column] for line in lines)]
    if not used:
        return ""
    texts = [f"| {' | '.join(line[column] for column in used)} |" for line in lines]
    return "\n".join([texts[0], f"|{' --- |' * len(used)}", *texts[1:]])


def one_line(text: str) -> str:
    """A cell's text on one line, its pipes escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def spread(rows: Sequence[Iterable[Cell]]) -> list[list[str]]:
    """The grid of cells, where one that covers several columns or rows is repeated in each of them."""
    grid: list[dict[int, str]] = [{} for _ in rows]
    for index, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in grid[index]:
                column += 1
            width = min(max(1, cell.columns), MOST_COLUMNS - column)
            for below in grid[index : index + max(1, cell.rows)]:
                below.update(dict.fromkeys(range(column, column + width), cell.text))
            column += width
    return [[line.get(column, "") for column in range(max(line, default=-1) + 1)] for line in grid]


def joined_header(grid: Sequence[Sequence[str]], rows: int) -> list[list[str]]:
    """The grid with its first `rows` rows made one: Markdown knows one header row, columns keep all their titles."""
    if not 1 < rows < len(grid):
        return [list(row) for row in grid]
    width = max(len(row) for row in grid)
    columns = [[row[column] for row in grid[:rows] if column < len(row) and row[column]] for column in range(width)]
    return [[" / ".join(dict.fromkeys(titles)) for titles in columns], *(list(row) for row in grid[rows:])]
