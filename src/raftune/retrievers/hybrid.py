"""BM25 and the embedder together: what either finds, by the sum of their scores. `bench/retrieval.py` compares them."""

from collections.abc import Sequence
from typing import ClassVar

from raftune.contracts import Embedder
from raftune.ranking import best, fused
from raftune.searching.by_terms import TermSearch
from raftune.searching.by_vectors import VectorSearch

WEIGHT = 0.2  # of the embedder
DEPTH, TIMES = 100, 4  # of each ranking at least so many are looked at, and so many times those wanted


class HybridRetriever:
    """Exact and deterministic: equal scores are ordered by position.

    Scores of a query are stretched over those looked at, so that the two can be added; what only one of them found
    gets nothing from the other.
    """

    embeds: ClassVar[bool] = True

    def __init__(self, embedder: Embedder) -> None:
        self.by_terms = TermSearch()
        self.by_meaning = VectorSearch(embedder)
        self.size = 0

    async def index(self, texts: Sequence[str]) -> None:
        """Takes the collection in place of an earlier one. Raises ProviderError."""
        self.size = len(texts)
        await self.by_terms.index(texts)
        await self.by_meaning.index(texts)

    async def nearest(self, queries: Sequence[str], count: int) -> list[list[int]]:
        """Positions of the nearest texts, best first. Raises ProviderError."""
        depth = max(DEPTH, TIMES * count)
        by_terms = self.by_terms.ranked(queries, depth)
        found = []
        async for meant in self.by_meaning.ranked(queries, depth):
            scores = fused(next(by_terms), meant, WEIGHT, self.size)
            found.append(best(scores, count)[0].tolist())
        return found


plug = HybridRetriever
