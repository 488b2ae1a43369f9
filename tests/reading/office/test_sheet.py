from hypothesis import given
from hypothesis import strategies as st

from raftune.reading.office.sheet import Sheet, column_number, repeat, table_blocks


def test_columns() -> None:
    assert [column_number(letters) for letters in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16384]


def test_empty_rows_part_tables() -> None:
    sheet = Sheet(rows={1: {1: "제목"}, 2: {1: "a", 2: "b"}, 3: {1: "c", 2: "d"}, 5: {3: "x"}, 9: {1: "e", 4: "f"}})
    assert sheet.blocks() == ["제목", "| a | b |\n| --- | --- |\n| c | d |", "x", "| e | f |\n| --- | --- |"]


def test_merged_cells_repeat_their_value() -> None:
    sheet = Sheet(rows={1: {1: "a"}, 2: {3: "x"}})
    repeat(sheet, "A1:B2")
    assert sheet.rows == {1: {1: "a", 2: "a"}, 2: {1: "a", 2: "a", 3: "x"}}
    repeat(sheet, "nonsense")
    repeat(sheet, "A1:XFD1048576")
    assert len(sheet.rows) == 2


def test_a_merged_title_stands_above_its_table() -> None:
    assert table_blocks([{1: "제목", 2: "제목"}, {1: "a", 2: "b"}]) == ["제목", "| a | b |\n| --- | --- |"]


@given(st.dictionaries(st.integers(1, 30), st.dictionaries(st.integers(1, 9), st.text("abc", min_size=1)), max_size=20))
def test_no_cell_is_lost(rows: dict[int, dict[int, str]]) -> None:
    text = "\n".join(Sheet(rows={number: row for number, row in rows.items() if row}).blocks())
    assert all(value in text for row in rows.values() for value in row.values())


def test_warnings_in_words() -> None:
    sheet = Sheet(rows={1: {1: "a"}}, hidden=3, cut=True)
    sheet.left_out.update({"hidden row": 2, "cell in a hidden column": 1})
    assert sheet.warnings() == (
        "2 hidden rows left out",
        "1 cell in a hidden column left out",
        "3 characters of hidden text left out",
        "only the first 1 rows read",
    )
