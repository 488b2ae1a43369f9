"""Nearest by the cosine of vectors, by comparing all with all."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from raftune.contracts import Embedder
from raftune.ranking import best

if TYPE_CHECKING:
    import numpy as np

    from raftune.ranking import Places, Scores

    Whole = np.ndarray[tuple[int, int], np.dtype[np.int16]]

STEPS = 4000  # a unit vector's length in whole numbers: sums of its products stay below 2 ** 24
TEXTS, QUERIES, BLOCK = 1024, 1024, 4096  # at a time: embedded, asked for, compared


class VectorSearch:
    """Exact and deterministic: vectors are whole numbers, so that no order of adding them up changes a score.

    Whole numbers below 2 ** 24 are exact in single precision: equal texts have equal scores, alone and in batches.
    """

    embeds: ClassVar[bool] = True

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.vectors: Whole | None = None

    async def index(self, texts: Sequence[str]) -> None:
        """Takes the collection in place of an earlier one. Raises ProviderError."""
        import numpy as np

        self.vectors = None
        for start in range(0, len(texts), TEXTS):
            rows = await self.whole(texts[start : start + TEXTS])
            if self.vectors is None:
                self.vectors = np.empty((len(texts), rows.shape[1]), dtype=np.int16)
            self.vectors[start : start + len(rows)] = rows

    async def nearest(self, queries: Sequence[str], count: int) -> list[list[int]]:
        """Positions of the nearest texts, best first. Raises ProviderError."""
        return [places.tolist() async for places, _ in self.ranked(queries, count)]

    async def ranked(self, queries: Sequence[str], count: int) -> "AsyncIterator[tuple[Places, Scores]]":
        """For each query the positions of the nearest texts, and their scores. Raises ProviderError."""
        for start in range(0, len(queries), QUERIES):
            for ranking in self.compared(await self.whole(queries[start : start + QUERIES]), count):
                yield ranking

    def compared(self, queries: "Whole", count: int) -> "Iterator[tuple[Places, Scores]]":
        """The rankings for vectors of queries."""
        import numpy as np

        vectors = np.zeros((0, queries.shape[1]), dtype=np.int16) if self.vectors is None else self.vectors
        asked = queries.astype(np.float32)
        scores = np.empty((len(queries), len(vectors)), dtype=np.float32)
        for start in range(0, len(vectors), BLOCK):
            block = vectors[start : start + BLOCK].astype(np.float32)
            scores[:, start : start + len(block)] = asked @ block.T
        yield from (best(row, count) for row in scores)

    async def whole(self, texts: Sequence[str]) -> "Whole":
        """The vectors of texts in whole numbers."""
        import numpy as np

        return np.rint(await self.embedder.embed(texts) * STEPS).astype(np.int16)
