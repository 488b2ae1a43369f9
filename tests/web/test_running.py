"""A run is started, seen and stopped."""

import time
from pathlib import Path

import pytest

from raftune.errors import ConfigError
from raftune.web.running import Runs, is_run


def waited(runs: Runs) -> None:
    for _ in range(600):
        if not runs.going:
            return
        time.sleep(0.1)
    raise AssertionError("it goes on")


def test_a_run_to_a_stage(project: Path) -> None:
    (project / "documents" / "more.md").write_text("# Pier\n\nThe fee for pier 9 in the harbour is 90 coins per day.\n")
    runs = Runs(project, project / ".raftune" / "ui" / "run.log")
    runs.start("chunk")
    assert runs.going
    with pytest.raises(ConfigError, match="goes on already"):
        runs.start()
    waited(runs)
    assert runs.note is not None
    assert (runs.note.course, runs.note.stage) == ("finished", "chunk")
    with pytest.raises(ConfigError, match="No run"):
        runs.stop()


def test_a_run_is_stopped_and_its_words_are_kept(project: Path) -> None:
    runs = Runs(project, project / ".raftune" / "ui" / "run.log", ("train.epochs=500",))
    runs.start()
    for _ in range(600):
        if (note := runs.note) and note.course == "running" and note.stage == "train" and note.done:
            break
        time.sleep(0.1)
    runs.stop()
    waited(runs)
    assert runs.note is not None
    assert runs.note.course == "stopped"
    assert "Nothing is lost" in runs.last_words()


def test_a_number_that_belongs_to_another_program_is_no_run() -> None:
    assert not is_run(1) or Path("/proc/1/cmdline").read_bytes().find(b"raftune") >= 0
