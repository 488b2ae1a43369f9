"""A run's note says where it is, and how it ended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from raftune.artifact import in_memory
from raftune.cli.watch import Quiet
from raftune.errors import ConfigError, WaitingForReview
from raftune.following import Note, Noted, noted, read_note
from raftune.records import Source


def rows() -> object:
    return in_memory("ingest", Source, [Source(path="a", sha256="b", size=1)])


def test_progress_and_end_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "running.json"
    assert read_note(path) is None
    with noted(path, Quiet()) as watched:
        progress = watched.started("ingest")
        note = read_note(path)
        assert note is not None
        assert (note.course, note.stage, note.pid) == ("running", "ingest", os.getpid())
        progress(1, 4, "pages")
        watched.finished("ingest", rows(), 1.0)  # type: ignore[arg-type]
    note = read_note(path)
    assert note is not None
    assert (note.course, note.done) == ("finished", 1)


def test_progress_is_written_a_few_times_a_second(tmp_path: Path) -> None:
    now = [100.0]
    watched = Noted(tmp_path / "n.json", Quiet(), Note(os.getpid()), clock=lambda: now[0])
    progress = watched.started("chunk")
    progress(1, 10, "")
    assert read_note(watched.path) == Note(os.getpid(), stage="chunk", began=100.0, at=100.0)
    now[0] = 102.0
    progress(4, 10, "words")
    note = read_note(watched.path)
    assert note is not None
    assert (note.done, note.total, note.words, note.seconds_left) == (4, 10, "words", 3.0)


@pytest.mark.parametrize(
    ("error", "course"),
    [
        (ConfigError("Key sk-aaaaaaaaaaaaaaaaaaaa is wrong.", "Mend it."), "failed"),
        (WaitingForReview("9 wait.", "Go."), "waiting"),
    ],
)
def test_an_error_is_noted_without_keys(tmp_path: Path, error: Exception, course: str) -> None:
    path = tmp_path / "running.json"

    def fail() -> None:
        with noted(path, Quiet()) as watched:
            watched.started("review")
            raise error

    with pytest.raises(type(error)):
        fail()
    note = read_note(path)
    assert note is not None
    assert (note.course, note.stage) == (course, "review")
    assert "sk-a" not in note.message


def test_ctrl_c_is_noted(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), noted(tmp_path / "n.json", Quiet()):
        raise KeyboardInterrupt
    note = read_note(tmp_path / "n.json")
    assert note is not None
    assert note.course == "stopped"


def test_a_killed_run_counts_as_stopped(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", "pass"])
    ended.wait()
    watched = Noted(tmp_path / "n.json", Quiet(), Note(ended.pid))
    watched.write(watched.note)
    note = read_note(watched.path)
    assert note is not None
    assert note.course == "stopped"
    watched.path.write_text("{")
    assert read_note(watched.path) is None
