"""The card: what programs and people read."""

from pathlib import Path
from typing import Any

import pytest

from raftune.exporting.card import cell, front_matter
from tests.exporting.made_set import exported, make_example

yaml = pytest.importorskip("yaml")


def head_of(folder: Path) -> dict[str, Any]:
    text = (folder / "README.md").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text.split("---\n")[1])
    return found


def test_the_head_names_the_files_of_each_split(tmp_path: Path) -> None:
    exported(tmp_path / "out", [make_example(), make_example(1, draw=1), make_example(2, "test")], "huggingface")
    head = head_of(tmp_path / "out")
    assert head["language"] == ["en"]
    assert head["configs"][0]["data_files"] == [
        {"split": "train", "path": ["data/train.jsonl", "data/train-draw-2.jsonl"]},
        {"split": "test", "path": ["data/test.jsonl"]},
    ]
    assert {"name": "oracle", "dtype": "int64"} in head["dataset_info"]["features"]


def test_a_marked_file_is_not_offered_to_datasets(tmp_path: Path) -> None:
    card = exported(tmp_path / "out", [make_example()], mark=True).card
    assert "configs" not in front_matter(card, ())


def test_the_card_is_in_the_language_of_most_rows(tmp_path: Path) -> None:
    exported(tmp_path / "ko", [make_example(language="ko", documents=("요금은 7원이다.",))])
    text = (tmp_path / "ko" / "README.md").read_text(encoding="utf-8")
    assert "## 한계" in text
    assert "## Limits" not in text


def test_a_cell_stays_a_cell() -> None:
    assert cell("a|b\n<img src=x> `c` \\") == "a\\|b &lt;img src=x> 'c' \\\\"
