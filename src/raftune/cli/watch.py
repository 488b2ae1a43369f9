"""What a run shows while it goes on: bars on a terminal, plain lines elsewhere, nothing when asked to be quiet."""

import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from raftune.artifact import Artifact
from raftune.contracts import Progress

LINE_SECONDS = 15.0
PACE_SECONDS = 30.0
UPDATE_SECONDS = 0.1


class Pace:
    """How fast it goes now: over the last half minute, since pages of text take milliseconds and scans seconds."""

    def __init__(self, now: float) -> None:
        self.marks = deque([(now, 0)])

    def per_second(self, done: int, now: float) -> float | None:
        """What is done in a second; None within the first second, and before anything is done."""
        self.marks.append((now, done))
        while len(self.marks) > 2 and now - self.marks[1][0] > PACE_SECONDS:
            self.marks.popleft()
        begun, before = self.marks[0]
        return (done - before) / (now - begun) if now - begun > 1 and done > before else None


def quiet_progress(done: int, total: int, words: str) -> None:
    """Progress nobody wants to see."""


class Quiet:
    """Says nothing."""

    def started(self, stage: str) -> Progress:  # noqa: ARG002 - the contract's names
        """Progress that is not shown."""
        return quiet_progress

    def finished(self, stage: str, artifact: Artifact[Any], seconds: float | None) -> None:
        """Nothing to say."""


class Lines:
    """One line when a stage starts and ends, and one every quarter of a minute between: for logs."""

    def __init__(self, write: Callable[[str], object] | None = None) -> None:
        self.write = write or sys.stdout.write

    def started(self, stage: str) -> Progress:
        """A line now, then progress at most every 15 seconds."""
        self.write(f"{stage:<9} running\n")
        last = time.monotonic()
        pace = Pace(last)

        def show(done: int, total: int, words: str) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= LINE_SECONDS:
                last = now
                self.write(f"{stage:<9} {progress_words(done, total, words, pace.per_second(done, now))}\n")
                sys.stdout.flush()

        return show

    def finished(self, stage: str, artifact: Artifact[Any], seconds: float | None) -> None:
        """The stage's counts and time."""
        self.write(f"{stage:<9} {ending(artifact, seconds)}\n")
        sys.stdout.flush()


class Bars:
    """A live line with a bar for the running stage, one line for each stage that is done."""

    def __init__(self) -> None:
        from rich.console import Console

        self.console = Console(highlight=False)
        self.status: Any = None

    def started(self, stage: str) -> Progress:
        """A live line with counts, rate and time left."""
        self.status = self.console.status(f"{stage}", spinner="line")
        self.status.start()
        last = time.monotonic()
        pace = Pace(last)

        def show(done: int, total: int, words: str) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= UPDATE_SECONDS:
                last = now
                text = progress_words(done, total, words, pace.per_second(done, now))
                self.status.update(f"{stage:<9} {bar(done, total)} {text}")

        return show

    def finished(self, stage: str, artifact: Artifact[Any], seconds: float | None) -> None:
        """The stage's counts and time."""
        if self.status is not None:
            self.status.stop()
            self.status = None
        mark = "[dim]=[/dim]" if seconds is None else "[green]✓[/green]"
        self.console.print(f"{mark} {stage:<9} {ending(artifact, seconds)}")


def watcher(quiet: bool) -> Quiet | Lines | Bars:  # noqa: FBT001 - one flag, one caller each
    """What fits the place the output goes to."""
    if quiet:
        return Quiet()
    return Bars() if sys.stdout.isatty() else Lines()


def bar(done: int, total: int, width: int = 10) -> str:
    """A bar of `width` cells."""
    full = round(width * done / total) if total else 0
    return "█" * full + "░" * (width - full)


def progress_words(done: int, total: int, words: str, pace: float | None) -> str:
    """As far as it is known: 12/40  0.8/s  35 s left  loss 1.2; with a unit in front of two spaces in `words`:

    12/40  9.5 pages/s  3 s left  1 of 2 files.
    """
    unit, parted, rest = words.partition("  ")
    unit, rest = (f" {unit}", rest) if parted else ("", words)
    parts = [f"{done}/{total}" if total else f"{done}"]
    if pace is None:
        parts[0] += unit
    else:
        parts.append(f"{pace:.1f}{unit}/s")
        if total:
            parts.append(f"{duration(max(0, total - done) / pace)} left")
    return "  ".join([*parts, rest]).rstrip()


def ending(artifact: Artifact[Any], seconds: float | None) -> str:
    """In words: 180 rows, 20 rejected, 3 s; or 180 rows, stored."""
    rejected = sum(count for _, count in artifact.rejected)
    counts = f"{len(artifact)} row{'s' if len(artifact) != 1 else ''}" + (f", {rejected} rejected" if rejected else "")
    return f"{counts}, {'stored' if seconds is None else duration(seconds)}"


def duration(seconds: float) -> str:
    """Seconds for people: 0.4 s, 12 s, 3 min 20 s."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
