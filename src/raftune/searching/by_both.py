"""Terms and vectors together: what either finds, by the sum of their scores."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from raftune.ranking import best, fused

if TYPE_CHECKING:
    from raftune.ranking import Places, Scores

WEIGHT = 0.2  # of the embedder
DEPTH, TIMES = 100, 4  # of each ranking at least so many are looked at, and so many times those wanted


class ByTerms(Protocol):
    """A search by terms."""

    def ranked(self, queries: Sequence[str], count: int) -> "Iterator[tuple[Places, Scores]]":
        """For each query the positions of the nearest texts, and their scores."""


class ByVectors(Protocol):
    """A search by vectors."""

    def ranked(self, queries: Sequence[str], count: int) -> "AsyncIterator[tuple[Places, Scores]]":
        """For each query the positions of the nearest texts, and their scores. Raises ProviderError."""


async def nearest_by_both(
    by_terms: ByTerms, by_meaning: ByVectors, queries: Sequence[str], count: int, size: int
) -> list[list[int]]:
    """For each query the positions of the nearest of `size` texts, best first, ties by position.

    Scores of a query are stretched over those looked at, so that the two can be added; what only one of them found
    gets nothing from the other. Raises ProviderError.
    """
    depth = max(DEPTH, TIMES * count)
    found_by_terms = by_terms.ranked(queries, depth)
    found = []
    async for meant in by_meaning.ranked(queries, depth):
        scores = fused(next(found_by_terms), meant, WEIGHT, size)
        found.append(best(scores, count)[0].tolist())
    return found
