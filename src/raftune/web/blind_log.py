"""Which of two systems a person finds better, not knowing which is which: a log of lines, to calibrate judges by."""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from raftune.reviewing.log import last_line, lock

Choice = Literal["first", "second", "both", "neither"]


@dataclass(frozen=True)
class Grading:
    """A person's choice between the replies of `first` and `second`, which were shown in that order."""

    example: str
    first: str
    second: str
    choice: Choice
    who: str
    when: str
    replies: str

    @property
    def winner(self) -> str:
        """The system that was chosen, "" for both or neither."""
        return {"first": self.first, "second": self.second}.get(self.choice, "")


def in_order(example: str, systems: Sequence[str]) -> tuple[str, str]:
    """The two systems in the order they are shown for an example: even, and not to be guessed from earlier ones."""
    turned = hashlib.sha256(f"blind {example}".encode()).digest()[0] % 2
    return (systems[1], systems[0]) if turned else (systems[0], systems[1])


def digest_of_replies(texts: Iterable[str]) -> str:
    """What tells the replies that were graded from those of a later run."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:20]


def gradings(path: Path) -> list[Grading]:
    """All gradings in their order; a line that a crash cut short is passed over."""
    found = []
    for line in path.read_bytes().split(b"\n") if path.exists() else []:
        try:
            found.append(Grading(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found


def append_grading(path: Path, grading: Grading) -> None:
    """Adds a line, forced to disk; what a crash cut short before is taken out."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        lock(descriptor)
        file.seek(last_line(file))
        file.truncate()
        file.write(json.dumps(asdict(grading), ensure_ascii=False).encode() + b"\n")
        os.fsync(descriptor)
