"""Honest distractors: near the question, and never the oracle, a copy of it, or a chunk that holds the answer."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from raftune.contracts import Retriever
from raftune.records import Answer, Chunk

SHINGLE = 5
COPIED_SHARE = 0.3
KNOWN_SHARE = 0.6
NEAR = 50  # chunks looked at for near distractors
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class ChunkWords:
    """A chunk's words in order, as a set, and its runs of five words."""

    sequence: str
    words: frozenset[str]
    shingles: frozenset[tuple[str, ...]]


def words_of(text: str) -> list[str]:
    """Lower-case words and numbers."""
    return WORD.findall(text.lower())


def chunk_words(chunk: Chunk) -> ChunkWords:
    """What the checks below look at, made once a chunk."""
    words = words_of(chunk.text)
    shingles = frozenset(tuple(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1))
    return ChunkWords(f" {' '.join(words)} ", frozenset(words), shingles)


def is_copy(oracle: ChunkWords, other: ChunkWords) -> bool:
    """Whether the chunks share so many runs of five words that one repeats the other."""
    fewer = min(len(oracle.shingles), len(other.shingles))
    return fewer > 0 and len(oracle.shingles & other.shingles) >= COPIED_SHARE * fewer


def holds_answer(answer: Answer, other: ChunkWords) -> bool:
    """Whether another chunk answers as well: it has the quote, or the answer among the question's words."""
    if any(f" {' '.join(words_of(quote.text))} " in other.sequence for quote in answer.quotes):
        return True
    if f" {' '.join(words_of(answer.final))} " not in other.sequence:
        return False
    asked = {word for word in words_of(answer.text) if len(word) > 3}
    return bool(asked) and len(asked & other.words) >= KNOWN_SHARE * len(asked)


class DistractorPool:
    """The chunks of which distractors are drawn, oracles among them, with a retriever over them."""

    def __init__(self, chunks: Sequence[Chunk], retriever: Retriever) -> None:
        self.chunks = chunks
        self.words = [chunk_words(chunk) for chunk in chunks]
        self.position = {chunk.id: position for position, chunk in enumerate(chunks)}
        self.retriever = retriever
        retriever.index([chunk.text for chunk in chunks])

    def honest(self, chunk: Chunk, oracle: Chunk, answers: Sequence[Answer]) -> bool:
        """Whether a chunk of the pool is an honest distractor for all these answers of one oracle."""
        words = self.words[self.position[chunk.id]]
        overlaps = chunk.document == oracle.document and chunk.start < oracle.end and oracle.start < chunk.end
        if overlaps or is_copy(self.words[self.position[oracle.id]], words):
            return False
        return not any(holds_answer(answer, words) for answer in answers)

    def ranked(self, answers: Sequence[Answer]) -> list[Chunk]:
        """The chunks nearest to the questions, best first: as many as a search for distractors may need."""
        query = " ".join(answer.text for answer in answers)
        return [self.chunks[place] for place in self.retriever.nearest(query, min(len(self.chunks), NEAR))]

    def in_random_order(self, generator: random.Random) -> Iterator[Chunk]:
        """All chunks in random order, drawn one by one: a large pool is not shuffled for a few of them."""
        seen: set[int] = set()
        while 2 * len(seen) < len(self.chunks):
            place = generator.randrange(len(self.chunks))
            if place not in seen:
                seen.add(place)
                yield self.chunks[place]
        rest = [place for place in range(len(self.chunks)) if place not in seen]
        generator.shuffle(rest)
        yield from (self.chunks[place] for place in rest)
