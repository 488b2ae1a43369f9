"""Files to decide in come back exactly."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import ConfigError
from raftune.reviewing.cells import lines_of, one_a_line
from raftune.reviewing.rows import COLUMNS
from raftune.reviewing.sheets import LISTS, read_sheet, write_sheet

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ["=1", "'=1", "3.5", 'a"b,c\r\nd', "가\u2028나"]
)
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, TEXTS)), max_size=4)


@given(ROWS, st.sampled_from(["a.csv", "a.jsonl"]))
def test_rows_come_back(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], name: str) -> None:
    path = tmp_path_factory.mktemp("sheet") / name
    kept = [{**row, **{key: one_a_line(lines_of(row[key])) for key in LISTS}} for row in rows]
    assert write_sheet(path, kept) == len(rows)
    assert [row for _, row in read_sheet(path)] == kept


def test_a_csv_file_begins_with_a_mark_for_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_sheet(path, [])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,verdict,")


def test_semicolons_and_lines_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id;verdict;reason\na;accept;"one\ntwo"\nb;reject;\n', encoding="utf-8")
    assert list(read_sheet(path)) == [
        (3, {"id": "a", "verdict": "accept", "reason": "one\ntwo"}),
        (4, {"id": "b", "verdict": "reject", "reason": ""}),
    ]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "neither a .jsonl nor a .csv"),
        ("a.csv", "id\n한글".encode("cp949"), "not in UTF-8"),
        ("a.csv", b"name,verdict\n", "no column id"),
        ("a.jsonl", b'{"id": 3}\n', "line 1 is not a row"),
        ("a.jsonl", b"\n[]\n", "line 2 is not a row"),
    ],
)
def test_files_that_cannot_be_read_are_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ConfigError, match=message):
        list(read_sheet(tmp_path / name))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_sheet(tmp_path / "none.csv")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_sheet(tmp_path / "none" / "a.csv", [])
