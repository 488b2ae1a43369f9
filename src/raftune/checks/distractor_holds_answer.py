"""A distractor does not answer the question."""

import re

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import SHORT_WORDS, excerpt, key_of, refuses
from raftune.comparison import is_evidence

KNOWN_SHARE = 0.6
WORD = re.compile(r"\w+")


class DistractorHoldsAnswer:
    """Looks in distractors for a quote of the row, or for the final answer beside most words of the question."""

    name = "distractor_holds_answer"
    severity: Severity = "warning"
    about = "a distractor holds the answer"

    def applies(self, row: AuditRow) -> bool:
        """Whether the oracle is known and something is answered."""
        return row.place is not None and bool(row.final) and not refuses(row)

    def fault(self, row: AuditRow) -> str | None:
        """Which distractor answers, or None."""
        quotes = [quote for quote in row.quotes if is_evidence(quote)]
        oracle = key_of(row.oracle)
        for place, text in enumerate(row.documents):
            answering = place != row.place and (any(quote in text for quote in quotes) or answers(row, text))
            if answering and key_of(text) != oracle:  # a copy of the oracle is another fault
                return f"document {place + 1} also answers: {excerpt(row.question)}"
        return None


def answers(row: AuditRow, text: str) -> bool:
    """Whether a text holds the final answer as whole words, and so many words of the question."""
    final, folded = (row.final or "").casefold().strip(" ."), text.casefold()
    if final not in folded or not re.search(rf"(?<!\w){re.escape(final)}(?!\w)", folded):
        return False
    asked = {word for word in WORD.findall(row.question.casefold()) if len(word) > SHORT_WORDS}
    return bool(asked) and len(asked.intersection(WORD.findall(folded))) >= KNOWN_SHARE * len(asked)


def plug(_options: AuditOptions) -> DistractorHoldsAnswer:
    """The check; it remembers nothing."""
    return DistractorHoldsAnswer()
