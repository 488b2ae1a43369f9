"""BM25 and the embedder together: what either finds, by the sum of their scores. `bench/retrieval.py` compares them."""

from collections.abc import Sequence
from typing import ClassVar

from raftune.contracts import Embedder
from raftune.searching.by_both import nearest_by_both
from raftune.searching.by_terms import TermSearch
from raftune.searching.by_vectors import VectorSearch


class HybridRetriever:
    """Exact and deterministic: equal scores are ordered by position."""

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
        return await nearest_by_both(self.by_terms, self.by_meaning, queries, count, self.size)


plug = HybridRetriever
