"""A question does not hold its own answer."""

import re
from typing import Literal

from raftune.contracts import Candidate

ARTICLE = re.compile(r"^(?:the|an?) (?=.)")


class LeaksAnswerGate:
    """Compares words without case and punctuation."""

    name = "leaks_answer"
    stage: Literal["answer"] = "answer"

    def fault(self, candidate: Candidate) -> str | None:
        """That the answer stands in the question, or None. Without an answer there is nothing to find."""
        answer, question = ARTICLE.sub("", normalised(candidate.final)), normalised(candidate.question)
        if not answer:
            return None
        if candidate.language == "ko":
            # A pattern for each answer is slow to make, and nearly no question holds its answer.
            whole = rf"(?<![0-9a-z가-힣]){re.escape(answer)}(?![0-9a-z])"
            held = answer in question and re.search(whole, question) is not None
        else:
            held = f" {answer} " in f" {question} "
        return "holds its own answer" if held else None


def normalised(text: str) -> str:
    """Lower-cased words and figures, single spaces; points and commas inside figures stay."""
    return " ".join(re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", text.casefold()))


def plug() -> LeaksAnswerGate:
    """The gate; it remembers nothing."""
    return LeaksAnswerGate()
