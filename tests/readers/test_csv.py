import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.readers.csv import delimiter_of, plug
from tests.office_files import pages, reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["이름", "금액, 원"], ["가나다", 'a"b\nc'], ["마바사", "1|2"]])
    [page] = pages(plug, path)
    assert page.text == '| 이름 | 금액, 원 |\n| --- | --- |\n| 가나다 | a"b c |\n| 마바사 | 1\\|2 |'


def test_tabs_by_the_name(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("a, b\t1, 2\n", encoding="utf-8")
    assert pages(plug, path)[0].text == "| a, b | 1, 2 |\n| --- | --- |"


def test_long_tables_are_cut_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" * 50_001, encoding="utf-8")
    assert pages(plug, path)[0].warnings == ("only the first 50000 rows read",)
    path.write_text(("x" * 1000 + ",y\n") * 25_000, encoding="utf-8")
    [warning] = pages(plug, path)[0].warnings
    assert warning.startswith("only the first 20")


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"x," * (11 << 20), "too large"),
        (b'a,"' + b"b" * (2 << 20), "too large"),
        (b",,\n,,\n", "no text"),
        (b"a,b\n\x00\x01", "damaged"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, data: bytes, wanted: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert reason(plug, path) == wanted


def test_tables_are_told_by_the_name(tmp_path: Path) -> None:
    assert plug.accepts(tmp_path / "a.CSV", b"a,b")
    assert not plug.accepts(tmp_path / "a.txt", b"a,b")
    assert not plug.accepts(tmp_path / "a.csv", b"\x00\x01")


@given(st.lists(st.lists(st.text("ab1 ", min_size=1), min_size=3, max_size=3), min_size=2), st.sampled_from(",;\t|"))
def test_the_delimiter_of_a_clean_table(rows: list[list[str]], delimiter: str) -> None:
    assert delimiter_of("\n".join(delimiter.join(row) for row in rows)) == delimiter
