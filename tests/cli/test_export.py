"""raftune export, from a stored project to files."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.main import app
from raftune.errors import ConfigError
from tests.exporting.stored_project import make_project

SETTINGS = '[licences]\n"fees.md" = "CC BY 4.0"\n'


def export(folder: Path, *words: str) -> str:
    return CliRunner().invoke(app, ["export", *words, "-p", str(folder)], catch_exceptions=False).output


def test_the_last_line_is_the_folder_and_problems_stand_before_it(tmp_path: Path) -> None:
    make_project(tmp_path, SETTINGS)
    lines = export(tmp_path, "chat").splitlines()
    assert lines[-1] == str(tmp_path / "exports" / "chat")
    assert any(line.startswith("train.jsonl: it has 8 rows, and 10 is the least.") for line in lines)
    assert any("set a maximum length of" in line for line in lines)
    assert export(tmp_path, "chat", "--quiet").splitlines() == lines[-1:]


def test_the_card_says_where_the_rows_come_from(tmp_path: Path) -> None:
    make_project(tmp_path, SETTINGS)
    facts = json.loads(export(tmp_path, "sharegpt", "--json", "--output", str(tmp_path / "out")))
    card = json.loads((tmp_path / "out" / "card.json").read_text(encoding="utf-8"))
    assert facts["card"] == card
    origin = card["origin"]
    assert [(source["path"], source["licence"]) for source in origin["sources"]] == [
        ("fees.md", "CC BY 4.0"),
        ("요금.md", ""),
    ]
    assert origin["seed"] == 7
    assert origin["assemble"] == {"distractors": 1}
    assert origin["stages"]["answer"]["left_out"] == {"cut off": 3}
    assert origin["prompts"].keys() == {"ingest", "chunk", "answer", "review", "assemble", "rows"}
    assert not origin["reviewed"]
    assert {"rules", "review", "licence", "small"} <= set(card["limits"])
    page = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "# harbour \\| 항만" in page
    assert str(tmp_path) not in page
    assert str(tmp_path) not in (tmp_path / "out" / "card.json").read_text(encoding="utf-8")


def test_rows_without_documents_go_to_a_folder_of_their_own(tmp_path: Path) -> None:
    make_project(tmp_path)
    folder = Path(export(tmp_path, "chat", "--rows", "dsf", "--split", "train", "-q").strip())
    assert folder.name == "chat-dsf"
    rows = [json.loads(line) for line in (folder / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 8
    assert all("<DOCUMENT>" not in row["messages"][-2]["content"] for row in rows)
    assert not (folder / "test.jsonl").exists()


def test_what_does_not_exist_is_named(tmp_path: Path) -> None:
    make_project(tmp_path)
    with pytest.raises(ConfigError, match="no split 'tran'"):
        export(tmp_path, "chat", "--split", "tran")
    with pytest.raises(ConfigError, match="no 'charts' among the exporters") as caught:
        export(tmp_path, "charts")
    assert "chat" in caught.value.advice


def test_nothing_is_exported_before_examples_are_there(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    with pytest.raises(ConfigError, match="has not been run"):
        export(tmp_path, "chat")


@pytest.mark.parametrize("words", [("chat", "--numbers", "f16"), ("gguf", "--bom"), ("adapter", "--numbers", "f16")])
def test_an_option_of_another_form_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    make_project(tmp_path)
    with pytest.raises(ConfigError, match="says nothing about"):
        export(tmp_path, *words)


def test_a_model_before_training_says_what_to_run(tmp_path: Path) -> None:
    make_project(tmp_path)
    with pytest.raises(ConfigError, match="train has not been run"):
        export(tmp_path, "safetensors")
