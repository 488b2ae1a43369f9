import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.reading.pdf.grid import column_bounds, inner_walls, walls, white_strips
from raftune.reading.pdf.rules import Rules
from raftune.reading.pdf.segments import rows_of, segments_of
from raftune.reading.pdf.words import Box
from tests.reading.pdf.made_words import grid, line

NO_RULES = Rules()
FRAME: Box = (70, 80, 500, 400)
LEFTS = [80, 200, 280, 360]
ROWS = [
    [f"Bank of {name}", str(number), f"{number}07", "3"] for number, name in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
]


def bounds(rows: list[list[str]], rules: Rules = NO_RULES, lefts: list[int] = LEFTS) -> list[float]:
    return column_bounds(rows_of(grid(rows, lefts)), rules, FRAME)


@pytest.mark.parametrize("count", [3, 7, 8, 12, 26])
def test_a_bound_stands_in_each_white_strip_however_many_rows(count: int) -> None:
    found = bounds([["Bank", "Loans", "All", "Staff"], *ROWS[:count]])
    assert len(found) == 3
    assert all(left < bound < right for left, bound, right in zip(LEFTS, found, LEFTS[1:], strict=False))


def test_the_space_between_words_of_labels_is_no_bound_though_it_stands_in_all_rows() -> None:
    rows = [["Bank of A", "1"], ["Bank of B", "2"]] * 6
    assert len(bounds([["Name", "Loans"], *rows], lefts=[80, 200])) == 1


def test_a_heading_over_two_columns_makes_no_column_of_its_own() -> None:
    rows = rows_of(
        [
            *line("2022", 86, 240),
            *line("2023", 86, 400),
            *grid([["x", "1", "2", "3", "4"]] * 4, [80, 200, 280, 360, 440]),
        ]
    )
    assert len(column_bounds(rows, Rules(), FRAME)) == 4


def test_a_vertical_line_is_a_bound_where_words_stand_close() -> None:
    rules = Rules(vertical=((110.0, 90.0, 200.0),))
    assert bounds([["Alda", "Borg"]] * 4, rules, [80, 112]) == [110.0]


def test_a_line_through_words_is_no_bound() -> None:
    rules = Rules(vertical=((90.0, 90.0, 200.0),))
    assert not any(85 < bound < 95 for bound in bounds([["Aldabar", "1"]] * 4, rules, [80, 200]))


def test_lines_that_stand_together_are_one_wall() -> None:
    rules = Rules(vertical=((71, 90, 200), (150, 90, 200), (152, 90, 200), (300, 500, 600)))
    assert inner_walls(rules, FRAME) == [150]


def test_walls_at_the_height_of_a_segment() -> None:
    [segment] = segments_of(line("Alda", 100))
    assert walls(Rules(vertical=((90, 80, 120), (150, 200, 300))), segment) == [90]


def test_no_rows_have_no_bounds() -> None:
    assert column_bounds([], Rules(), FRAME) == []
    assert bounds([["only one column", ""]] * 4, lefts=[80, 300]) == []


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 400), st.integers(1, 8)), min_size=1, max_size=6), min_size=1, max_size=12
    )
)
def test_no_word_of_few_rows_crosses_a_strip(places: list[list[tuple[int, int]]]) -> None:
    rows = [[word for left, length in row for word in line("x" * length, 100, left)] for row in places]
    for left, right in white_strips(rows, words_alone=True):
        assert left < right
        assert not any(word.left < right and word.right > left for row in rows for word in row)
