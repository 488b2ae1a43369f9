from hypothesis import given
from hypothesis import strategies as st

from raftune.reading.tables import Cell, joined_header, markdown_table, spread

CELLS = st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=8)


def test_a_table() -> None:
    assert markdown_table([["구분", "금리"], ["a|b", "3\n4"]]) == "| 구분 | 금리 |\n| --- | --- |\n| a\\|b | 3 4 |"


def test_empty_rows_and_columns_are_left_out() -> None:
    assert markdown_table([["a", "", "b"], ["", "", ""], ["c"]]) == "| a | b |\n| --- | --- |\n| c |  |"
    assert markdown_table([["", " "], []]) == ""


@given(st.lists(st.lists(CELLS, max_size=5), max_size=6))
def test_every_line_has_the_same_number_of_cells(rows: list[list[str]]) -> None:
    lines = markdown_table(rows).split("\n")
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1


def test_cells_over_several_columns_and_rows_are_repeated() -> None:
    rows = [[Cell("a", rows=2), Cell("b", columns=2)], [Cell("c"), Cell("d")], [Cell("e"), Cell("f", columns=9999)]]
    grid = spread(rows)
    assert grid[:2] == [["a", "b", "b"], ["a", "c", "d"]]
    assert len(grid[2]) == 1000


def test_header_rows_become_one() -> None:
    grid = [["구간", "요금", "요금"], ["구간", "성인", "소아"], ["인천", "1", "2"]]
    assert joined_header(grid, 2) == [["구간", "요금 / 성인", "요금 / 소아"], ["인천", "1", "2"]]
    assert joined_header(grid, 1) == grid
