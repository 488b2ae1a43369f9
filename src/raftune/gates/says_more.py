"""An answer says more than its question: not only the question's words in another order."""

import re
from typing import Literal

from raftune.contracts import Candidate

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
FEWEST = 4  # words; fewer may be one of two that the question names
SHORTEST = 4  # letters of a word that tells anything


class SaysMoreGate:
    """Compares the longer words and the figures of English answers; where two things are compared, one may be named."""

    name = "says_more"
    stage: Literal["answer"] = "answer"

    def fault(self, candidate: Candidate) -> str | None:
        """That the answer repeats the question, or None."""
        if candidate.kind in {"comparison", "call"} or candidate.language == "ko":
            return None
        words = WORD.findall(candidate.final.casefold())
        telling = {word for word in words if len(word) >= SHORTEST or word[0].isdigit()}
        missing = telling - set(WORD.findall(candidate.question.casefold()))
        return "repeats its question" if len(telling) >= FEWEST and 6 * len(missing) <= len(telling) else None


def plug() -> SaysMoreGate:
    """The gate; it remembers nothing."""
    return SaysMoreGate()
