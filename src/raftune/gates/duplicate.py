"""A question is asked once: not again in the same or nearly the same words."""

from typing import Literal

from raftune.contracts import Candidate
from raftune.duplicates import NearDuplicates, words_of


class DuplicateGate:
    """Remembers the words of every question that passed."""

    name = "duplicate"
    stage: Literal["ask"] = "ask"

    def __init__(self) -> None:
        self._index = NearDuplicates()

    def fault(self, candidate: Candidate) -> str | None:
        """That the question was asked before, or None."""
        words = words_of(candidate.question)
        if self._index.find(words) is not None:
            return "asked before"
        self._index.add(words)
        return None


def plug() -> DuplicateGate:
    """A gate that has seen nothing yet."""
    return DuplicateGate()
