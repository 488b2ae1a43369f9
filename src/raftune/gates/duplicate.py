"""A question is asked once: not again in the same or nearly the same words."""

import re
from collections import defaultdict
from math import ceil
from typing import Literal

from raftune.contracts import Candidate

SIMILAR = 0.8
WORD = re.compile(r"\w+(?:[.,]\d+)*")


class DuplicateGate:
    """Remembers the words of every question that passed.

    Two word sets as similar as `SIMILAR` share a word among the first few of each in any fixed order, so only the
    questions found by those words are compared. Ordering words from long to short makes such words rare.
    """

    name = "duplicate"
    stage: Literal["ask"] = "ask"

    def __init__(self) -> None:
        self._words: list[frozenset[str]] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)

    def fault(self, candidate: Candidate) -> str | None:
        """That the question was asked before, or None."""
        words = frozenset(WORD.findall(candidate.question.casefold()))
        first = prefix(words)
        earlier = {number for word in first for number in self._by_word[word]}
        if any(same(words, self._words[number]) for number in earlier):
            return "asked before"
        for word in first:
            self._by_word[word].append(len(self._words))
        self._words.append(words)
        return None


def prefix(words: frozenset[str]) -> list[str]:
    """The words of a set, of which any similar set has at least one among its own."""
    ordered = sorted(words, key=lambda word: (not has_digit(word), -len(word), word))
    return ordered[: len(words) - ceil(SIMILAR * len(words)) + 1]


def has_digit(word: str) -> bool:
    """Whether a word holds a figure: few questions share it."""
    return any(character.isdigit() for character in word)


def same(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two questions have nearly the same words and the same figures: another year is another question."""
    return not any(map(has_digit, left ^ right)) and similarity(left, right) >= SIMILAR


def similarity(left: frozenset[str], right: frozenset[str]) -> float:
    """Shared words over all words, 1 for two empty sets."""
    union = left | right
    return len(left & right) / len(union) if union else 1.0


def plug() -> DuplicateGate:
    """A gate that has seen nothing yet."""
    return DuplicateGate()
