"""What a run says about itself while it goes on: one small file that a page or another program can read.

The file is replaced as a whole, at most a few times a second, and outlives the run: it then says how it ended.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from raftune.artifact import Artifact
from raftune.contracts import Progress
from raftune.debugging import clean
from raftune.errors import RaftuneError, WaitingForReview

UPDATE_SECONDS = 0.25
Course = Literal["running", "finished", "waiting", "failed", "stopped"]


@dataclass(frozen=True)
class Note:
    """Where a run of process `pid` is, or how it ended; times are seconds since 1970.

    `done` of `total` rows of `stage`, which began at `began`; `message` and `advice` are those of an error.
    """

    pid: int
    course: Course = "running"
    stage: str = ""
    done: int = 0
    total: int = 0
    words: str = ""
    began: float = 0.0
    at: float = 0.0
    message: str = ""
    advice: str = ""

    @property
    def seconds_left(self) -> float | None:
        """How long the stage will take at the pace it had so far, None where that is not known."""
        if not self.total or not self.done or self.at <= self.began:
            return None
        return (self.total - self.done) * (self.at - self.began) / self.done


@dataclass
class Noted:
    """A watcher that writes a note of what it is told, and tells another watcher."""

    path: Path
    inner: Any
    note: Note
    clock: Callable[[], float] = time.time

    def started(self, stage: str) -> Progress:
        """A stage starts."""
        self.write(Note(self.note.pid, stage=stage, began=self.clock()))
        tell, last = self.inner.started(stage), self.clock()

        def progress(done: int, total: int, words: str) -> None:
            nonlocal last
            tell(done, total, words)
            if (now := self.clock()) - last >= UPDATE_SECONDS:
                last = now
                self.write(replace(self.note, done=done, total=total, words=words))

        return progress

    def finished(self, stage: str, artifact: Artifact[Any], seconds: float | None) -> None:
        """A stage is done, or was stored."""
        if seconds is not None:
            self.write(replace(self.note, done=len(artifact), total=len(artifact), words=""))
        self.inner.finished(stage, artifact, seconds)

    def write(self, note: Note) -> None:
        """Puts a note into the place of the one before."""
        self.note = replace(note, at=self.clock())
        part = self.path.with_name(f".{self.path.name}.part")
        part.write_text(json.dumps(asdict(self.note), ensure_ascii=False), encoding="utf-8")
        part.replace(self.path)


@contextmanager
def noted(path: Path, watcher: Any) -> Iterator[Noted]:
    """A watcher whose notes are in `path` while the block runs; the last one says how the block ended."""
    watched = Noted(path, watcher, Note(os.getpid()))
    watched.write(watched.note)
    try:
        yield watched
    except RaftuneError as error:
        course: Course = "waiting" if isinstance(error, WaitingForReview) else "failed"
        watched.write(replace(watched.note, course=course, message=clean(error.message), advice=clean(error.advice)))
        raise
    except BaseException:
        watched.write(replace(watched.note, course="stopped"))
        raise
    watched.write(replace(watched.note, course="finished"))


def read_note(path: Path) -> Note | None:
    """The note of the last run, None before there was one; a run whose process is gone counts as stopped."""
    try:
        note = Note(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return replace(note, course="stopped") if note.course == "running" and not is_alive(note.pid) else note


def is_alive(pid: int) -> bool:
    """Whether a process is there, and has not ended."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[:1]
    except ProcessLookupError:
        return False
    except (PermissionError, FileNotFoundError):
        return True
    return state != ["Z"]
