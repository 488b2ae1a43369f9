"""No personal data comes into a row that the passage, as the teacher saw it, does not hold."""

from typing import Literal

from raftune.contracts import Candidate
from raftune.personal_data import MASK, PLAIN, PRIVATE_KINDS, find_personal


class PersonalDataGate:
    """Stops invented or remembered numbers and addresses, and questions about what was masked.

    What the passage shows passes: whether it may is the chunk stage's policy. A fault names the kind, never the data.
    """

    name = "personal_data"
    stage: Literal["answer"] = "answer"

    def fault(self, candidate: Candidate) -> str | None:
        """The kind of data that was found, or None."""
        if any(MASK in text for text in (candidate.question, candidate.final, candidate.reasoning)):
            return "masked personal data"
        shown = bare(candidate.passage)
        for text in (candidate.question, candidate.final, candidate.reasoning, *candidate.quotes):
            for start, end, kind in find_personal(text, PRIVATE_KINDS):
                if bare(text[start:end]) not in shown:
                    return f"personal data that is not in the passage ({kind})"
        return None


def bare(text: str) -> str:
    """The letters and figures of a text: a number is the same with other separators."""
    return "".join(filter(str.isalnum, text.translate(PLAIN).casefold()))


def plug() -> PersonalDataGate:
    """The gate; it remembers nothing."""
    return PersonalDataGate()
