"""Where stages stand."""

import os
from pathlib import Path

from raftune.api import open_project
from raftune.following import Note
from raftune.web.stage_views import course_of, foreseen, stage_views


def test_what_is_stored_is_counted(project: Path) -> None:
    views = {view.name: view for view in stage_views(open_project(project), None)}
    assert {view.course for view in views.values()} == {"stored"}
    assert views["verify"].rows == 36
    assert views["ingest"].rejected == (("damaged", 1),)
    assert views["ingest"].left_out == 1


def test_where_a_run_is() -> None:
    note = Note(os.getpid(), stage="train")
    assert course_of(note, stored=True) == "running"
    assert course_of(Note(1, "failed", "train"), stored=False) == "failed"
    assert course_of(Note(1, "stopped", "train"), stored=True) == "stored"
    assert course_of(Note(1, "stopped", "train"), stored=False) == "stopped"
    assert course_of(None, stored=False) == "new"


def test_dollars_foreseen() -> None:
    assert foreseen({"dollars": 1.5}) == "$1.50"
    assert foreseen(None) == foreseen({"dollars": None}) == ""
