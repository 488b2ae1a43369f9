"""The table for a terminal."""

import copy
import unicodedata
from pathlib import Path

from raftune.auditing.report import AuditReport
from raftune.auditing.table import clipped, lines_of
from tests.auditing.sets import audited, stored


def test_the_table_fits_80_columns(tmp_path: Path) -> None:
    rows = copy.deepcopy(stored())
    for row in rows[::7]:
        row["text"] = row["text"][:-1] + ","
    lines = list(lines_of(audited(tmp_path, rows)))
    assert max(map(columns, lines)) <= 80
    assert any(line.startswith("question_complete") for line in lines)
    assert lines[-1].startswith("1 check found errors")


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def test_long_lines_are_cut() -> None:
    assert clipped("a" * 80) == "a" * 80
    assert columns(clipped("가" * 60)) <= 80


def test_nothing_and_no_rows_are_said(tmp_path: Path) -> None:
    assert list(lines_of(audited(tmp_path, stored())))[-1] == "Clean: no errors, no warnings."
    assert list(lines_of(AuditReport(0, (), (), (), ())))[-1] == "There are no rows."
