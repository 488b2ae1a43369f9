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

    Two questions with other figures are never the same: another year is another question. Of two sets as similar as
    `SIMILAR` only a few words of each can be missing in the other, so any few more words of one include one of the
    other: a question is only compared with those that hold one of its rarest words.
    """

    name = "duplicate"
    stage: Literal["ask"] = "ask"

    def __init__(self) -> None:
        self._index: dict[tuple[frozenset[str], str], list[frozenset[str]]] = defaultdict(list)

    def fault(self, candidate: Candidate) -> str | None:
        """That the question was asked before, or None."""
        words = frozenset(WORD.findall(candidate.question.casefold()))
        figures = frozenset(filter(has_digit, words))
        lists = [self._index[figures, word] for word in sorted(words - figures)]
        missing = len(words) - ceil(SIMILAR * len(words))
        everything = self._index[figures, ""]
        rarest = sorted(lists, key=len)[: missing + 1] if len(lists) > missing else [everything]
        if any(similarity(words, earlier) >= SIMILAR for found in rarest for earlier in found):
            return "asked before"
        for found in [*lists, everything]:
            found.append(words)
        return None


def has_digit(word: str) -> bool:
    """Whether a word holds a figure."""
    return any(character.isdigit() for character in word)


def same(left: frozenset[str], right: frozenset[str]) -> bool:
    """What the gate decides, said plainly: the same figures and nearly the same words."""
    return not any(map(has_digit, left ^ right)) and similarity(left, right) >= SIMILAR


def similarity(left: frozenset[str], right: frozenset[str]) -> float:
    """Shared words over all words, 1 for two empty sets."""
    union = left | right
    return len(left & right) / len(union) if union else 1.0


def plug() -> DuplicateGate:
    """A gate that has seen nothing yet."""
    return DuplicateGate()
