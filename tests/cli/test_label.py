"""raftune label, on a project whose answers a judge graded."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.api import open_project, stored
from raftune.artifact import in_memory
from raftune.cli.main import app
from raftune.errors import ConfigError
from raftune.records import Label, Score
from tests.exporting.stored_project import make_project, publish
from tests.made_up import make_prediction


def label(folder: Path, *words: str) -> str:
    return CliRunner().invoke(app, ["label", *words, "-p", str(folder)], catch_exceptions=False).output


def graded(folder: Path) -> None:
    examples = make_project(folder)
    held = stored(open_project(folder), "assemble")
    predictions = [make_prediction(one, system, "<ANSWER>: 30") for system in ("base", "tuned") for one in examples]
    made = publish(folder / ".raftune", "predict", predictions, [held])
    scores = [
        Score(example=row.example, system=row.system, metric="faithfulness", value=0.5, state="scored", group="g")
        for row in predictions
    ]
    publish(folder / ".raftune", "grade", scores, [made, held])


def test_answers_of_both_systems_are_added_once(tmp_path: Path) -> None:
    graded(tmp_path)
    lines = label(tmp_path, "faithfulness", "--rows", "8").splitlines()
    assert lines[0].startswith("8 rows added")
    assert lines[1] == str(tmp_path / "labels.csv")
    assert label(tmp_path, "faithfulness", "--rows", "8").startswith("0 rows added")
    text = (tmp_path / "labels.csv").read_text(encoding="utf-8-sig")
    assert text.count(",base,") == text.count(",tuned,") == 4
    assert "0.5" not in text
    _, _, labels = open_project(tmp_path).inputs()
    assert labels.digest == in_memory("labels", Label, ()).digest


def test_before_a_judge_has_graded_it_says_what_to_do(tmp_path: Path) -> None:
    graded(tmp_path)
    with pytest.raises(ConfigError, match="No judge has graded"):
        label(tmp_path, "answer_correctness")
