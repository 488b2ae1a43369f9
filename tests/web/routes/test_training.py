"""Runs of training, ended and going on."""

import json
import os
import time
from dataclasses import asdict
from pathlib import Path

from raftune import api
from raftune.cli.watch import Quiet
from raftune.following import Note
from raftune.training.metrics import note_figures
from tests.web.cockpits import running


def test_the_last_run_and_two_side_by_side(project: Path) -> None:
    api.run(api.open_project(project, ["train.epochs=1"]), Quiet(), until="train")
    with running(project) as up:
        page = up.get("/training").text
        assert page.count('name="run"') == 2
        names = [part.split('"')[0] for part in page.split('name="run" value="')[1:]]
        both = up.get("/training", params=[("run", name) for name in names]).text
        assert 'class="run1 train"' in both
        assert "data-live" not in both


def test_a_run_that_goes_on(project: Path) -> None:
    work = project / ".raftune" / "objects" / "work" / "train-abc"
    (work / "step-00000004").mkdir(parents=True)
    for step in range(1, 6):
        note_figures(work, step, {"train_loss": 9.0 / step, "train_accuracy": step / 10, "tokens_per_second": 123.4})
    note = Note(os.getpid(), "running", "train", 5, 50, "", time.time() - 10, time.time())
    (project / ".raftune" / "running.json").write_text(json.dumps(asdict(note)))
    with running(project) as up:
        page = up.get("/training").text
        assert "Training goes on: 5 / 50" in page
        assert "1.800" in page
        assert "123" in page
        assert "step 4" in page
