"""An answer is shorter than the sentence it is taken from."""

from typing import Literal

from raftune.contracts import Candidate

SHORT_QUOTE = 60
LARGEST_SHARE = 0.75


class ConciseGate:
    """Stops answers that are nearly the whole quote, unless the quote itself is short."""

    name = "concise"
    stage: Literal["answer"] = "answer"

    def fault(self, candidate: Candidate) -> str | None:
        """That the answer is empty or says everything, or None."""
        length, quote = len(candidate.final.strip()), len(candidate.quote.strip())
        if not length:
            return "no answer"
        if quote >= SHORT_QUOTE and length > LARGEST_SHARE * quote:
            return "nearly the whole quote"
        return None


def plug() -> ConciseGate:
    """The gate; it remembers nothing."""
    return ConciseGate()
