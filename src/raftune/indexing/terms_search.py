"""BM25 over saved postings: the scores of `raftune.searching.by_terms`, worked out for the terms of a query alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from raftune.indexing.postings import Postings
from raftune.ranking import best
from raftune.searching.by_terms import COMMON, MANY, weights_of
from raftune.terms import asked_terms

if TYPE_CHECKING:
    from raftune.indexing.postings import Numbers
    from raftune.ranking import Places, Scores


class Held(NamedTuple):
    """The passages that hold a term, in order, and how often."""

    texts: "Numbers"
    times: "Numbers"


class SavedTerms:
    """Exact and deterministic: equal scores are ordered by position."""

    def __init__(self, postings: Postings) -> None:
        import numpy as np

        self.postings = postings
        self.size = len(postings.lengths)
        self.letters, self.term_starts = viewed(postings.letters), viewed(postings.term_starts)
        self.starts = viewed(postings.starts)
        mean = np.mean(postings.lengths) if self.size else 0
        shares = postings.lengths / mean if mean else np.zeros(self.size)
        self.shares = shares.astype(np.float32)

    def ranked(self, queries: Sequence[str], count: int) -> "Iterator[tuple[Places, Scores]]":
        """For each query the positions of the nearest passages, and their scores."""
        import numpy as np

        scores = np.empty(self.size, dtype=np.float32)
        for query in queries:
            self.score(query, scores)
            yield best(scores, count)

    def score(self, query: str, scores: "Scores") -> None:
        """Writes the score of each passage. A term counts as often as the query has it."""
        import numpy as np

        scores.fill(0)
        for term, times in Counter(asked_terms(query)).items():
            held = self.held(term)
            if not len(held.texts) or self.is_common(held):
                continue
            count = np.array([len(held.texts)])
            weights = weights_of([term], count, count, held.times, self.shares[held.texts], self.size)
            scores[held.texts] += weights if times == 1 else times * weights

    def is_common(self, held: Held) -> bool:
        """Whether so many passages hold a term that it does not tell them apart."""
        return len(held.texts) > max(COMMON * self.size, MANY)

    def held(self, term: str) -> Held:
        """The passages that hold a term."""
        number = self.number_of(term.encode(errors="replace"))
        part = slice(0, 0) if number is None else slice(self.starts[number], self.starts[number + 1])
        return Held(self.postings.texts[part], self.postings.times[part])

    def number_of(self, term: bytes) -> int | None:
        """A term's number, by halving: the terms are not read when the index is opened."""
        low, high = 0, len(self.term_starts) - 1
        while low < high:
            middle = (low + high) // 2
            if self.word(middle) < term:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self.term_starts) - 1 and self.word(low) == term else None

    def word(self, number: int) -> bytes:
        """A term in UTF-8."""
        return bytes(self.letters[self.term_starts[number] : self.term_starts[number + 1]])

    def share_held(self, query: str, place: int) -> float:
        """How much of a query a passage holds, from 0 to 1: the share of its terms, each by how rare it is.

        A term that no passage holds counts like the rarest.
        """
        import numpy as np

        found = whole = 0.0
        for term, times in Counter(asked_terms(query)).items():
            held = self.held(term).texts
            rare = times * float(np.log1p((self.size - len(held) + 0.5) / (len(held) + 0.5)))
            at = int(np.searchsorted(held, place))
            whole += rare
            found += rare if at < len(held) and held[at] == place else 0.0
        return found / whole if whole else 0.0


def viewed(numbers: Any) -> memoryview:
    """An array that gives plain numbers, which is faster one by one."""
    return memoryview(numbers)
