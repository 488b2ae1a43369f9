"""An export as a whole: no row lost or moved, the card counts what is there, equal sets give equal bytes."""

import hashlib
import json
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.errors import ConfigError
from raftune.records import Example
from tests.exporting.made_set import examples, exported, make_example, texts_of


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8-sig").split("\n")[:-1]


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(("chat", "completion", "sharegpt", "alpaca", "huggingface")), examples())
def test_every_row_stands_in_the_file_of_its_split_and_the_card_counts_it(form: str, rows: list[Example]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "out"
        card = exported(folder, rows, form).card
        assert Counter({file["name"]: file["rows"] for file in card["data"]}).total() == len(rows)
        for file in card["data"]:
            expected = [row for row in rows if (row.split, row.draw) == (file["split"], file["draw"])]
            found = [texts_of(form, json.loads(line)) for line in lines_of(folder / file["name"])]
            assert file["rows"] == len(found) == len(expected)
            assert [user.endswith(row.text) for row, (_, user, _) in zip(expected, found, strict=True)] == [True] * len(
                found
            )
        counts = card["counts"]
        assert counts["rows"] == len(rows)
        assert {name: split["rows"] for name, split in counts["splits"].items()} == Counter(row.split for row in rows)
        assert sum(counts["kinds"].values()) == sum(counts["languages"].values()) == len(rows)


def test_the_same_rows_give_the_same_bytes_and_the_card_names_every_file(tmp_path: Path) -> None:
    rows = [make_example(number, split) for number, split in enumerate(("train", "train", "test", "validation"))]
    for name in ("one", "two"):
        exported(tmp_path / name, rows)
    one, two = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two
    card = json.loads(one[Path("card.json")])
    assert {file["name"] for file in card["files"]} == {path.as_posix() for path in one} - {"card.json"}
    for file in card["files"]:
        assert hashlib.sha256(one[Path(file["name"])]).hexdigest() == file["sha256"]
    assert str(tmp_path) not in one[Path("card.json")].decode()


def test_draws_lie_in_files_of_their_own(tmp_path: Path) -> None:
    rows = [make_example(number, draw=draw) for draw in range(3) for number in range(2)]
    card = exported(tmp_path / "out", rows).card
    assert [file["name"] for file in card["data"]] == ["train.jsonl", "train-draw-2.jsonl", "train-draw-3.jsonl"]
    assert "num_train_epochs=1," in (tmp_path / "out" / "train_with_unsloth.py").read_text()


def test_only_the_splits_asked_for_are_written(tmp_path: Path) -> None:
    rows = [make_example(0, "train"), make_example(1, "test")]
    card = exported(tmp_path / "out", rows, splits=("test",)).card
    assert [file["name"] for file in card["data"]] == ["test.jsonl"]
    assert not (tmp_path / "out" / "axolotl.yaml").exists()
    with pytest.raises(ConfigError, match="no example in validation"):
        exported(tmp_path / "other", rows, splits=("validation",))
    assert not (tmp_path / "other").exists()


def test_azure_gets_a_byte_order_mark_and_no_settings_of_libraries_that_cannot_read_it(tmp_path: Path) -> None:
    rows = [make_example(number) for number in range(10)]
    result = exported(tmp_path / "out", rows, mark=True)
    assert (tmp_path / "out" / "train.jsonl").read_bytes().startswith(b"\xef\xbb\xbf{")
    assert result.problems == ()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["README.md", "card.json", "train.jsonl"]


def test_options_of_hosted_formats_are_refused_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--bom is not for alpaca"):
        exported(tmp_path / "out", [make_example()], "alpaca", mark=True)
    with pytest.raises(ConfigError, match="--model is not for parquet"):
        exported(tmp_path / "out", [make_example()], "parquet", model="gpt-4.1")


def test_what_a_provider_would_refuse_is_said(tmp_path: Path) -> None:
    problems = exported(tmp_path / "out", [make_example()], model="gpt-4.1").problems
    assert [(problem.file, problem.line) for problem in problems] == [("train.jsonl", 0)]
    assert "10 is the least" in problems[0].what
