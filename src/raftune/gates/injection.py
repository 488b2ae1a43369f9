"""No order to a model, taken over from a document, comes into a row."""

from typing import Literal

from raftune.contracts import Candidate
from raftune.injection import find_instructions


class InjectionGate:
    """Looks at all that a student would learn to write, quotes included."""

    name = "injection"
    stage: Literal["answer"] = "answer"

    def fault(self, candidate: Candidate) -> str | None:
        """The order that was found, or None."""
        for text in (candidate.question, candidate.final, candidate.reasoning, *candidate.quotes):
            if found := find_instructions(text):
                return f"an order to a model ({found[0][:60]})"
        return None


def plug() -> InjectionGate:
    """The gate; it remembers nothing."""
    return InjectionGate()
