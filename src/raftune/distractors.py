"""Honest distractors: near the question, and never the oracle, a copy of it, or a chunk that holds the answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from raftune.contracts import Retriever
from raftune.records import Answer, Chunk

SHINGLE = 5
COPIED_SHARE = 0.3
KNOWN_SHARE = 0.6
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


@dataclass(frozen=True)
class DistractorPool:
    """Chunks that may serve as distractors, with a retriever over them."""

    chunks: Sequence[Chunk]
    words: Sequence[ChunkWords]
    retriever: Retriever

    def allowed(self, position: int, oracle: Chunk, oracle_words: ChunkWords, answers: Sequence[Answer]) -> bool:
        """Whether the chunk at `position` is an honest distractor for all these answers of one oracle."""
        chunk, words = self.chunks[position], self.words[position]
        overlaps = chunk.document == oracle.document and chunk.start < oracle.end and oracle.start < chunk.end
        if overlaps or is_copy(oracle_words, words):
            return False
        return not any(holds_answer(answer, words) for answer in answers)

    def nearest(self, oracle: Chunk, answers: Sequence[Answer], count: int) -> list[int]:
        """Positions of the `count` nearest honest distractors of a group of answers, best first."""
        oracle_words = chunk_words(oracle)
        query = " ".join(answer.text for answer in answers)
        ranked = self.retriever.nearest(query, min(len(self.chunks), 4 * count + 8))
        return [position for position in ranked if self.allowed(position, oracle, oracle_words, answers)][:count]
