"""BM25 by bm25s. English by lower-cased words; Korean by words and their bigrams: endings do not matter."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

WORD = re.compile(r"[가-힣]+|[^\W_가-힣]+")


class Bm25Retriever:
    """Exact and deterministic: equal scores are ordered by position."""

    def __init__(self) -> None:
        self._size = 0
        self._index: Any = None

    def index(self, texts: Sequence[str]) -> None:
        """Takes the collection in place of an earlier one."""
        import bm25s

        tokens = [list(tokens_of(text)) for text in texts]
        self._size, self._index = len(texts), None
        if any(tokens):
            self._index = bm25s.BM25()
            self._index.index(tokens, show_progress=False)

    def nearest(self, query: str, count: int) -> list[int]:
        """Positions of the nearest texts, best first; what shares no word with the query comes last."""
        import numpy as np

        count = min(count, self._size)
        if count <= 0:
            return []
        tokens = list(tokens_of(query))
        if self._index is None or not tokens:
            return list(range(count))
        scores = self._index.get_scores(tokens)
        lowest = np.partition(scores, self._size - count)[self._size - count]
        candidates = np.flatnonzero(scores >= lowest)
        order = np.argsort(-scores[candidates], kind="stable")
        return [int(position) for position in candidates[order][:count]]


def tokens_of(text: str) -> Iterator[str]:
    """The tokens that a text is found by."""
    for word in WORD.findall(text.lower()):
        yield word
        if "가" <= word[0] <= "힣" and len(word) > 2:
            yield from (word[start : start + 2] for start in range(len(word) - 1))


def plug() -> Bm25Retriever:
    """An empty retriever."""
    return Bm25Retriever()
