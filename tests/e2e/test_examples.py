"""The example that ships: its recorded replies and decisions belong to its pages as they are read now."""

import shutil
from pathlib import Path

from raftune import api
from raftune.cli.watch import Quiet

EXAMPLE = Path(__file__).parents[2] / "examples" / "central-bank"


def test_every_decision_finds_its_answer(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns(".raftune", "report.*"))
    project = api.open_project(tmp_path / "example")
    api.run(project, Quiet(), until="review")
    answers = {row.id for row in api.stored(project, "answer")}
    _, decisions, _ = project.inputs()
    assert {decision.answer for decision in decisions} == answers
    assert len(api.stored(project, "review")) == 226
