from pathlib import Path

import pytest

from raftune.errors import ConfigError
from raftune.records import Label
from raftune.reviewing.labels import add_rows, key_of, list_labels, rows_of

ROW = {
    "example": "e1",
    "system": "tuned",
    "metric": "faithfulness",
    "question": "=1+1",
    "reply": "a\nb",
    "documents": "d",
}


def filled(path: Path, value: str, separator: str = ",") -> Path:
    head = separator.join(("example", "system", "metric", "value"))
    path.write_text(f"{head}\ne1{separator}tuned{separator}faithfulness{separator}{value}\n", encoding="utf-8-sig")
    return path


def test_rows_are_added_once(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    assert list(list_labels(path)) == []
    assert add_rows(path, [ROW]) == 1
    assert add_rows(path, [ROW, {**ROW, "example": "e2"}]) == 1
    assert [key_of(row)[0] for _, row in rows_of(path)] == ["e1", "e2"]
    assert list(list_labels(path)) == []
    text = path.read_text(encoding="utf-8")
    assert text.count("\ufeff") == 1
    assert "'=1+1" in text
    assert {one.name for one in tmp_path.iterdir()} == {"labels.csv"}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_a_spreadsheet_saved_stays_when_rows_are_added(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "labels.csv"
    head = separator.join(("note", "example", "system", "metric", "value"))
    path.write_text(f'{head}\n"see {separator} below"{separator}e9{separator}base{separator}m{separator}0', "utf-8")
    assert add_rows(path, [ROW]) == 1
    assert [label.example for label in list_labels(path)] == ["e9"]
    first, second = (row for _, row in rows_of(path))
    assert (first["note"], second["reply"]) == (f"see {separator} below", "a\nb")


@pytest.mark.parametrize(("value", "separator"), [("0.5", ","), ("0,5", ";"), ("0.5", "\t")])
def test_filled_in_rows_are_labels(tmp_path: Path, value: str, separator: str) -> None:
    (found,) = list_labels(filled(tmp_path / "labels.csv", value, separator))
    assert found == Label(example="e1", system="tuned", metric="faithfulness", value=0.5)


@pytest.mark.parametrize("value", ["good", "1.5", "-1", "nan"])
def test_what_is_no_value_is_named_with_its_line(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match=r"labels\.csv line 2"):
        list_labels(filled(tmp_path / "labels.csv", value))


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    with pytest.raises(ConfigError, match="no column example"):
        list_labels(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_bytes(b"example\xff")
    with pytest.raises(ConfigError, match="not in UTF-8"):
        list_labels(tmp_path / "b.csv")
