"""Honest distractors: never the oracle, a copy of it, or a passage that holds the answer. In tiers, hardest first."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal, NamedTuple

from raftune.contracts import Retriever
from raftune.copies import PassageWords, Vocabulary, is_copy, words_of
from raftune.records import Answer, Chunk, Language, Tier

KNOWN_SHARE = 0.6
NEAR = 64  # passages looked at for near distractors
AT_ONCE = 1024  # questions handed to the retriever


class Drawn(NamedTuple):
    """A passage by its place in the pool, and why it was drawn."""

    place: int
    tier: Tier


def holds_answer(answer: Answer, other: PassageWords) -> bool:
    """Whether another passage answers as well: it has the quote, or the answer among the question's words."""
    if any(f" {' '.join(words_of(quote.text))} " in other.sequence for quote in answer.quotes):
        return True
    if f" {' '.join(words_of(answer.final))} " not in other.sequence:
        return False
    asked = {word for word in words_of(answer.text) if len(word) > least_length(answer.language)}
    known = sum(f" {word} " in other.sequence for word in asked)
    return bool(asked) and known >= KNOWN_SHARE * len(asked)


def least_length(language: Language) -> int:
    """Words up to this length say little about what is asked. Korean packs more into a syllable."""
    return 1 if language == "ko" else 3


def main_language(chunks: Sequence[Chunk]) -> Language:
    """The language of most passages."""
    return mostly(sum(chunk.language == "ko" for chunk in chunks), len(chunks))


def mostly(korean: int, all_of_them: int) -> Language:
    """The language of most passages, by how many are Korean."""
    return "ko" if 2 * korean > all_of_them else "en"


class Passages:
    """All passages of the documents, and what they are compared by."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self.chunks = chunks
        vocabulary = Vocabulary()
        self.words = [vocabulary.passage(chunk.text) for chunk in chunks]
        self.place_of = {chunk.id: place for place, chunk in enumerate(chunks)}
        self.of_document: dict[str, list[int]] = {}
        for place, chunk in enumerate(chunks):
            self.of_document.setdefault(chunk.document, []).append(place)

    def is_among(self, place: int, others: Iterable[int]) -> bool:
        """Whether a passage is one of others, or the same word for word: boilerplate stands on several pages."""
        return any(place == other or self.words[place].sequence == self.words[other].sequence for other in others)


Ranks = Mapping[str, Sequence[int]]


async def ranks_of(
    queries: Mapping[str, str], passages: Passages, retriever: Retriever, progress: Callable[[int, int], None]
) -> Ranks:
    """For each named query the nearest passages, best first, held compactly. Raises ProviderError by an embedder."""
    import numpy as np

    await retriever.index([chunk.text for chunk in passages.chunks])
    names, ranks = list(queries), dict[str, Sequence[int]]()
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        found = await retriever.nearest([queries[name] for name in some], min(len(passages.chunks), NEAR))
        ranks |= {name: np.array(places, np.int32) for name, places in zip(some, found, strict=True)}  # type: ignore[misc]
        progress(len(ranks), len(names))
    return ranks


class DistractorPool:
    """The passages that may be shown in a split, oracles among them, and which are near to which questions."""

    def __init__(self, passages: Passages, ranks: Ranks, hidden: AbstractSet[int] = frozenset()) -> None:
        """`hidden` are the places of passages that are not to be shown."""
        self.passages, self.ranks, self._hidden = passages, ranks, hidden
        self._shown = [place for place in range(len(passages.chunks)) if place not in hidden]

    def honest(self, place: int, oracle: int, answers: Sequence[Answer]) -> bool:
        """Whether a passage is an honest distractor for all these answers of one oracle."""
        chunk, right = self.passages.chunks[place], self.passages.chunks[oracle]
        if chunk.document == right.document and chunk.start < right.end and right.start < chunk.end:
            return False
        words = self.passages.words[place]
        if any(holds_answer(answer, words) for answer in answers):
            return False
        return not is_copy(self.passages.words[oracle].shingles, words.shingles)

    def near(self, name: str) -> list[int]:
        """The passages nearest to the questions that were ranked under a name, best first."""
        return [place for place in map(int, self.ranks[name]) if place not in self._hidden]

    def same_document(self, oracle: int, generator: random.Random) -> Iterator[int]:
        """The other passages of an oracle's document, in random order."""
        every = self.passages.of_document[self.passages.chunks[oracle].document]
        return (place for place in in_random_order(every, generator) if place not in self._hidden)

    def anything(self, generator: random.Random) -> Iterator[int]:
        """All passages in random order."""
        return in_random_order(self._shown, generator)


def in_random_order(places: Sequence[int], generator: random.Random) -> Iterator[int]:
    """All of `places`, drawn one by one: many are not shuffled for the sake of a few."""
    seen: set[int] = set()
    while 2 * len(seen) < len(places):
        index = generator.randrange(len(places))
        if index not in seen:
            seen.add(index)
            yield places[index]
    rest = [index for index in range(len(places)) if index not in seen]
    generator.shuffle(rest)
    yield from (places[index] for index in rest)


Mined = Literal["document", "near", "random"]
TIERS: tuple[Mined, ...] = ("document", "near", "random")
