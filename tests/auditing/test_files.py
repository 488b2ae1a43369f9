"""Files as blocks of rows."""

import json
from pathlib import Path

import pytest

from raftune.auditing import files
from raftune.auditing.files import blocks_of, files_in, split_of
from raftune.errors import ConfigError


def rows_in(path: Path) -> list[tuple[int, object]]:
    return [row for block in blocks_of(path, "train") for row in block.parsed()]


def test_lines_keep_their_numbers_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BLOCK", 50)
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join([*(json.dumps({"n": n, "text": "가" * n}) for n in range(40)), "", '{"n": 41}']), "utf-8")
    assert len(list(blocks_of(path, "train"))) > 10
    assert [(line, row["n"]) for line, row in rows_in(path)] == [*((n + 1, n) for n in range(40)), (42, 41)]  # type: ignore[index]


def test_a_broken_line_says_why(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\n{"a": \n{"a": "\xff"}\n' + b"[" * 100_000 + b"\n")
    assert [str(row) for _, row in rows_in(path)] == ["{'a': 1}", "not JSON", "not in UTF-8", "not JSON"]


def test_an_array_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text('\n[{"a": 1}, {"a": 2}]', "utf-8")
    assert rows_in(path) == [(1, {"a": 1}), (2, {"a": 2})]
    path.write_text("[{", "utf-8")
    with pytest.raises(ConfigError, match="not JSON"):
        rows_in(path)


def test_parquet_is_read(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "rows.parquet"
    parquet.write_table(arrow.Table.from_pylist([{"a": "x"}, {"a": "y"}]), path)
    assert rows_in(path) == [(1, {"a": "x"}), (2, {"a": "y"})]
    path.write_bytes(b"no parquet")
    with pytest.raises(ConfigError, match="cannot be read"):
        rows_in(path)


def test_a_folder_stands_for_the_files_below_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "train.jsonl"
    path.write_text("{}", "utf-8")
    (tmp_path / "README.md").write_text("a card", "utf-8")
    assert files_in([tmp_path]) == [path]
    with pytest.raises(ConfigError, match="does not exist"):
        files_in([tmp_path / "none.jsonl"])


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("train.jsonl", "train"),
        ("banking_test.jsonl", "test"),
        ("my-valid.jsonl", "validation"),
        ("train-00000-of-00002.parquet", "train"),
        ("latest.jsonl", "latest"),
        ("rows.jsonl", "rows"),
    ],
)
def test_a_file_s_name_tells_its_split(name: str, split: str) -> None:
    assert split_of(Path("somewhere") / name, {}) == split
    assert split_of(Path(name), {Path(name): "dev"}) == "dev"
