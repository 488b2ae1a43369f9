"""An answer says what the quote says: its figures all, its words mostly."""

import re
from typing import Literal

from raftune.contracts import Candidate

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
HANGUL = re.compile(r"[가-힣]+")
WORD = re.compile(r"[가-힣]+|[^\W\d_가-힣]+")
SHARE = 0.6
SMALL_WORDS = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "had",
        "has",
        "have",
        "in",
        "is",
        "it",
        "its",
        "of",
    }
    | {"on", "or", "that", "the", "their", "they", "this", "to", "was", "were", "which", "will", "with"}
)


class SupportedGate:
    """Compares numbers exactly, English content words by their beginnings, Korean by character bigrams."""

    name = "supported"
    stage: Literal["answer"] = "answer"

    def fault(self, candidate: Candidate) -> str | None:
        """What the quote does not hold, or None."""
        known = numbers(candidate.quote)
        foreign = [number for number in numbers(candidate.final) if number not in known]
        if foreign:
            return f"a number that is not in the quote ({foreign[0]})"
        terms, source = terms_of(candidate.final), frozenset(terms_of(candidate.quote))
        held = sum(term in source or (is_hangul(term) and term in candidate.quote) for term in terms)
        if held < SHARE * len(terms):
            return "words that are not in the quote"
        return None


def numbers(text: str) -> list[str]:
    """The figures of a text without commas that group thousands."""
    return [number.replace(",", "") for number in NUMBER.findall(text)]


def terms_of(text: str) -> list[str]:
    """What is compared: bigrams of Hangul words, first six letters of other words that are not small words."""
    terms: list[str] = []
    for word in WORD.findall(text.casefold()):
        if is_hangul(word):
            terms += [word[start : start + 2] for start in range(max(1, len(word) - 1))]
        elif word not in SMALL_WORDS:
            terms.append(word[:6])
    return terms


def is_hangul(text: str) -> bool:
    """Whether a text is all Hangul: such a term may stand inside a longer word."""
    return HANGUL.fullmatch(text) is not None


def plug() -> SupportedGate:
    """The gate; it remembers nothing."""
    return SupportedGate()
