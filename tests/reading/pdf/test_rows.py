import pytest

from raftune.reading.pdf.rows import (
    first_data_row,
    first_group,
    joined_rows,
    merged,
    notes_from,
    placed_row,
    wide_rules,
)
from raftune.reading.pdf.rules import Rules
from raftune.reading.pdf.segments import rows_of, words_text
from raftune.reading.pdf.words import Box, Word
from tests.reading.pdf.made_words import grid, line

BOUNDS = [150.0, 250.0]
NO_RULES = Rules()
FRAME: Box = (70, 80, 350, 400)
LEFTS = [80, 200, 280]


def rows(*texts: list[str]) -> list[list[Word]]:
    return rows_of(grid(texts, LEFTS))


def joined(*texts: list[str], rules: Rules = NO_RULES) -> list[list[str]]:
    placed = [placed_row(row, BOUNDS) for row in rows(*texts)]
    return [[words_text(cell) for cell in row.cells] for row in joined_rows(placed, BOUNDS, rules, FRAME)]


def header_rows(*texts: list[str]) -> int:
    return first_data_row([placed_row(row, BOUNDS) for row in rows(*texts)])


def test_words_go_to_the_column_of_their_middle() -> None:
    row = placed_row(rows(["Alda", "12", "340"])[0], BOUNDS)
    assert [words_text(cell) for cell in row.cells] == ["Alda", "12", "340"]
    assert row.filled == [0, 1, 2]


def test_a_long_label_alone_stays_in_its_cell() -> None:
    row = placed_row(line("All the harbours of the northern coast together", left=80), BOUNDS)
    assert row.filled == [0]


def test_a_number_alone_stands_in_its_own_column() -> None:
    assert placed_row(line("1,245", left=200), BOUNDS).filled == [1]


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        ([["Port", "Ships", "Fees"], ["Alda", "12", "340"]], 1),
        ([["", "Number", "Sum"], ["Port", "of ships", "of fees"], ["Alda", "12", "340"]], 2),
        ([["Port", "2022", "2023"], ["Alda", "12", "340"]], 1),
        ([["Port", "Master", "Town"], ["Alda", "Anna", "Old Town"]], 1),
        ([["Alda", "12", "340"], ["Borg", "7", "95"]], 0),
        ([["항만", "선박", "요금"], ["부산", "12", "340"]], 1),
    ],
)
def test_the_header_ends_where_numbers_begin_but_years_are_headings(texts: list[list[str]], count: int) -> None:
    assert header_rows(*texts) == count


def test_the_second_line_of_a_cell_joins_its_row() -> None:
    assert joined(["Alda", "Old pier and", "12"], ["", "new pier", ""], ["Borg", "Pier", "7"]) == [
        ["Alda", "Old pier and new pier", "12"],
        ["Borg", "Pier", "7"],
    ]


def test_a_row_with_a_label_or_with_numbers_of_its_own_does_not_join() -> None:
    texts = [["Alda", "12", "340"], ["", "7", ""], ["Borg", "", ""]]
    assert joined(*texts) == texts


def test_lines_between_two_rules_are_one_row() -> None:
    heights = [90.0, 104.0, 132.0, 146.0]
    rules = Rules(horizontal=tuple((height, 70.0, 350.0) for height in heights))
    found = joined(
        ["Alda", "12", "340"], ["Cale and all", "30", "810"], ["islands", "", ""], ["Dorn", "9", "90"], rules=rules
    )
    assert found == [["Alda", "12", "340"], ["Cale and all islands", "30", "810"], ["Dorn", "9", "90"]]


def test_notes_below_are_no_rows() -> None:
    found = [
        *rows(["Alda", "12", "340"], ["Borg", "7", "95"]),
        line("Note: ships that came in during the year, each once.", 150, 80),
    ]
    assert notes_from(found, BOUNDS) == 2
    assert notes_from(found[:2], BOUNDS) == 2


def test_the_first_wide_rule_below_a_row_ends_the_header() -> None:
    rules = Rules(horizontal=((85.0, 70.0, 350.0), (106.0, 70.0, 350.0), (120.0, 70.0, 100.0)))
    placed = [
        placed_row(row, BOUNDS) for row in rows(["Port", "Ships", "Fees"], ["Alda", "a", "b"], ["Borg", "c", "d"])
    ]
    assert wide_rules(rules, FRAME) == [85.0, 106.0]
    assert first_group(placed, rules, FRAME) == 1
    assert first_group(placed, Rules(), FRAME) == 3


def test_merged_rows_keep_the_order_of_their_words() -> None:
    one, two = (placed_row(row, BOUNDS) for row in rows(["Alda", "old", ""], ["", "pier", ""]))
    assert [words_text(cell) for cell in merged([one, two]).cells] == ["Alda", "old pier", ""]
