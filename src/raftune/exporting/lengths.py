"""How long rows are in tokens, and the length that trainers elsewhere are to be told, so that nothing is cut."""

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from raftune.records import Example

MULTIPLE = 128
TEMPLATE = 64
"""Tokens that a chat template puts around three messages, at most: ChatML takes 17, Llama's with its date about 45."""
ESTIMATE = 1.25
"""An estimate of tokens may be so much too small."""
REMEMBERED = 1 << 16


@dataclass(frozen=True)
class Spread:
    """Smallest, middle, 95th percentile and largest of some lengths in tokens; 0 where there are none."""

    smallest: int = 0
    median: int = 0
    most: int = 0
    longest: int = 0


@dataclass
class Lengths:
    """Collects the lengths of rows. Texts that rows share are counted once; a row is the sum of its parts."""

    measure: Callable[[str], Sequence[int]]
    prompts: "array[int]" = field(default_factory=lambda: array("I"))
    answers: "array[int]" = field(default_factory=lambda: array("I"))
    longest: int = 0

    def __post_init__(self) -> None:
        self.count = lru_cache(maxsize=REMEMBERED)(lambda text: len(self.measure(text)))

    def add(self, example: Example, messages: Sequence[tuple[str, str]], target: str) -> None:
        """A row: its messages and what is to be learned."""
        prompt = sum(self.count(text) for _, content in messages for text in parts(content, len(example.documents)))
        answer = len(self.measure(target))
        self.prompts.append(prompt)
        self.answers.append(answer)
        self.longest = max(self.longest, prompt + answer)


def parts(content: str, documents: int) -> list[str]:
    """A message cut behind each document, so that a document is the same text in every row."""
    return content.split("</DOCUMENT>\n", documents)


def spread(lengths: Sequence[int]) -> Spread:
    """The spread of some lengths."""
    if not lengths:
        return Spread()
    ordered = sorted(lengths)
    return Spread(ordered[0], ordered[len(ordered) // 2], ordered[math.ceil(0.95 * len(ordered)) - 1], ordered[-1])


def room(longest: int, *, exact: bool) -> int:
    """Tokens that hold the longest row with its chat template, rounded up to a multiple of 128."""
    known = longest if exact else math.ceil(longest * ESTIMATE)
    return math.ceil((known + TEMPLATE) / MULTIPLE) * MULTIPLE
