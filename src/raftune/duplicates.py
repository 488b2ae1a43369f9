"""Whether two questions are the same in nearly the same words, and an index that finds such a question among many.

Two questions with other figures are never the same: another year is another question. Beyond that, four fifths of all
their words must be shared.
"""

import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterator
from math import ceil

SIMILAR = 0.8
SMALL = 64  # up to so many questions are all looked at
WORD = re.compile(r"\w+(?:[.,]\d+)*")
# What Korean hangs on a noun says nothing about what is asked: 수수료는, 수수료가, 수수료의.
PARTICLE = re.compile(r"(?<=[가-힣\d][가-힣])(?:은|는|이|가|을|를|의|에|로|와|과|도)$")


def words_of(question: str) -> frozenset[str]:
    """The words and figures that questions are compared by."""
    found = WORD.findall(unicodedata.normalize("NFC", question).casefold())
    return frozenset(PARTICLE.sub("", word) for word in found)


def same(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether the words of two questions have the same figures, and are nearly the same."""
    return not any(map(has_digit, left ^ right)) and similarity(left, right) >= SIMILAR


def similarity(left: frozenset[str], right: frozenset[str]) -> float:
    """Shared words over all words, 1 for two empty sets."""
    union = left | right
    return len(left & right) / len(union) if union else 1.0


def has_digit(word: str) -> bool:
    """Whether a word holds a figure."""
    return any(character.isdigit() for character in word)


class Listing:
    """Numbers of questions, how many words each has, and a mask of 64 bits with one set for each word."""

    def __init__(self) -> None:
        self.masks = array("Q")
        self.sizes = array("I")
        self.numbers = array("q")

    def add(self, mask: int, size: int, number: int) -> None:
        """Appends a question."""
        self.masks.append(mask)
        self.sizes.append(size)
        self.numbers.append(number)

    def near(self, mask: int, size: int) -> list[int]:
        """The questions that may be the same by mask and size, in the order they were added."""
        import numpy as np

        # What is shared is at least 0.8 of all, so what is not shared is at most a ninth of both sizes.
        different = np.bitwise_count(np.frombuffer(self.masks, np.uint64) ^ np.uint64(mask))
        allowed = np.frombuffer(self.sizes, np.uint32).astype(np.int64)
        found = np.flatnonzero(9 * different.astype(np.int64) <= allowed + size)
        return [self.numbers[place] for place in found.tolist()]


class Block:
    """The questions that have the same figures: all of them, and once there are many, by each other word."""

    def __init__(self) -> None:
        self.everything = Listing()
        self.by_word: dict[str, Listing] = defaultdict(Listing)


class NearDuplicates:
    """Finds a question that is the same as another, without looking at all: exact, as `same` defines it.

    Of two sets as similar as `SIMILAR` only a few words of each can be missing in the other, so any few more words of
    one include one of the other: a question is only compared with those that hold one of its rarest words. Sets that
    differ in n words have masks that differ in at most n bits: so templates, whose words are all frequent, are
    compared at memory speed.
    """

    def __init__(self) -> None:
        self._sets: list[frozenset[str]] = []
        self._blocks: dict[frozenset[str], Block] = defaultdict(Block)

    def add(self, words: frozenset[str]) -> None:
        """Takes a question's words; questions are numbered from 0 in the order they are added."""
        figures = frozenset(filter(has_digit, words))
        block, number = self._blocks[figures], len(self._sets)
        self._sets.append(words)
        mask = mask_of(words - figures)
        block.everything.add(mask, len(words), number)
        if len(block.everything.numbers) > SMALL:
            self._list(block, number, mask)

    def _list(self, block: Block, number: int, mask: int) -> None:
        """Notes a question by its words; when a block has just outgrown `SMALL`, all its questions."""
        if block.by_word:
            added = [(number, mask)]
        else:
            added = list(zip(block.everything.numbers, block.everything.masks, strict=True))
        for one, its_mask in added:
            for word in self._sets[one]:
                if not has_digit(word):
                    block.by_word[word].add(its_mask, len(self._sets[one]), one)

    def find(self, words: frozenset[str]) -> int | None:
        """The number of a question that is the same, or None."""
        return next(self.find_all(words), None)

    def find_all(self, words: frozenset[str]) -> Iterator[int]:
        """The numbers of all questions that are the same, each once."""
        figures = frozenset(filter(has_digit, words))
        block = self._blocks.get(figures)
        if block is None:
            return
        mask, seen = mask_of(words - figures), set[int]()
        for listing in places_to_look(block, words - figures, len(words) - ceil(SIMILAR * len(words))):
            for number in listing.near(mask, len(words)):
                if number not in seen and similarity(words, self._sets[number]) >= SIMILAR:
                    seen.add(number)
                    yield number


def places_to_look(block: Block, words: frozenset[str], missing: int) -> list[Listing]:
    """Listings that hold every question of a block with all but `missing` of these words: the shortest there are."""
    if len(words) <= missing or not block.by_word:
        return [block.everything]
    listings = [block.by_word[word] for word in sorted(words) if word in block.by_word]
    unknown = len(words) - len(listings)
    return sorted(listings, key=lambda listing: len(listing.numbers))[: max(0, missing + 1 - unknown)]


def mask_of(words: frozenset[str]) -> int:
    """One bit of 64 for each word; which one does not matter to what is found."""
    mask = 0
    for word in words:
        mask |= 1 << (hash(word) & 63)
    return mask
