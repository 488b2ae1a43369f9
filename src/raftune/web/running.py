"""Starts, stops and follows runs: each is the command `raftune run` in a process of its own, which outlives us."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from raftune.errors import ConfigError
from raftune.following import Note, read_note


@dataclass
class Runs:
    """The runs of a project; what a run prints goes to `log`. `changes` are to its settings.

    `child` is the latest that was started here.
    """

    folder: Path
    log: Path
    changes: tuple[str, ...] = ()
    child: "subprocess.Popen[bytes] | None" = None

    @property
    def note(self) -> Note | None:
        """Where the latest run is, whoever started it."""
        return read_note(self.folder / ".raftune" / "running.json")

    @property
    def going(self) -> bool:
        """Whether a run goes on, or is about to."""
        if self.child is not None and self.child.poll() is None:
            return True
        return (note := self.note) is not None and note.course == "running"

    def start(self, until: str = "") -> None:
        """Starts a run, or goes on with one that was stopped. Raises ConfigError where one goes on already."""
        if self.going:
            raise ConfigError("A run goes on already.", "Stop it first, or wait for its end.")
        command = [sys.executable, "-m", "raftune", "run", "--quiet", "--project", str(self.folder)]
        command += [word for change in self.changes for word in ("--set", change)]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as output:
            self.child = subprocess.Popen(  # noqa: S603 - our own command
                [*command, *(["--until", until] if until else [])],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        threading.Thread(target=self.child.wait, daemon=True).start()

    def stop(self) -> None:
        """Asks the run to stop, as Ctrl-C does: what is paid for is kept. Raises ConfigError where none goes on."""
        note = self.note
        if note is not None and note.course == "running" and is_run(note.pid):
            os.kill(note.pid, signal.SIGINT)
        elif self.child is not None and self.child.poll() is None:
            self.child.send_signal(signal.SIGINT)
        else:
            raise ConfigError("No run goes on.", "Start one first.")

    def last_words(self, lines: int = 12) -> str:
        """The end of what the latest run that was started here printed."""
        try:
            text = self.log.read_bytes()[-8000:].decode("utf-8", "replace")
        except OSError:
            return ""
        return "\n".join(text.strip().splitlines()[-lines:])


def is_run(pid: int) -> bool:
    """Whether a process is Python at work on raftune: the number of one that ended may belong to another by now."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return True  # a machine without /proc
    return any(b"raftune" in word for word in words)
