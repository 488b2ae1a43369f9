"""BM25 over stems of words and pairs of syllables, for many queries at once. Settings: `bench/retrieval.py`."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from raftune.ranking import best
from raftune.terms import asked_terms, of_syllables, terms

if TYPE_CHECKING:
    from raftune.ranking import Places, Scores

SATURATION, LENGTH_SHARE = (1.2, 0.7), (0.9, 0.4)  # k1 and b of words, of pairs of syllables
COMMON, MANY = 0.25, 1000  # a term that more texts hold, as a share and at least, does not tell them apart


class Postings(NamedTuple):
    """The texts `texts[starts[t]:starts[t + 1]]` hold term t; beside them what it adds to their scores."""

    starts: list[int]
    texts: "Places"
    weights: "Scores"


class TermSearch:
    """Exact and deterministic: equal scores are ordered by position."""

    embeds: ClassVar[bool] = False

    def __init__(self) -> None:
        self.size = 0
        self.numbers: dict[str, int] = {}
        self.postings: Postings | None = None

    async def index(self, texts: Sequence[str]) -> None:
        """Takes the collection in place of an earlier one."""
        self.size = len(texts)
        self.numbers, self.postings = indexed(texts)

    async def nearest(self, queries: Sequence[str], count: int) -> list[list[int]]:
        """Positions of the nearest texts, best first; what shares no term with the query comes last."""
        return [places.tolist() for places, _ in self.ranked(queries, count)]

    def ranked(self, queries: Sequence[str], count: int) -> "Iterator[tuple[Places, Scores]]":
        """For each query the positions of the nearest texts, and their scores."""
        import numpy as np

        scores = np.empty(self.size, dtype=np.float32)
        for query in queries:
            self.score(query, scores)
            yield best(scores, count)

    def score(self, query: str, scores: "Scores") -> None:
        """Writes the score of each text. A term counts as often as the query has it."""
        scores.fill(0)
        if self.postings is None:
            return
        starts, texts, weights = self.postings
        for term, times in Counter(asked_terms(query)).items():
            number = self.numbers.get(term)
            if number is not None:
                part = slice(starts[number], starts[number + 1])
                scores[texts[part]] += weights[part] if times == 1 else times * weights[part]


def indexed(texts: Sequence[str]) -> tuple[dict[str, int], Postings | None]:
    """The numbers of the terms, and their postings; None where no text has a term."""
    import numpy as np

    numbers: dict[str, int] = {}
    held, times, unlike, lengths = array("i"), array("i"), array("i"), array("i")
    for text in texts:
        found = Counter(terms(text))
        held.extend([numbers.setdefault(term, len(numbers)) for term in found])
        times.extend(found.values())
        unlike.append(len(found))
        lengths.append(found.total())
    if not numbers:
        return numbers, None
    in_texts = np.bincount(held, minlength=len(numbers))
    kept = np.where(in_texts <= max(COMMON * len(texts), MANY), in_texts, 0)
    order = np.argsort(np.frombuffer(held, dtype=np.int32), kind="stable")
    order = order[np.repeat(kept > 0, in_texts)]
    owners = np.repeat(np.arange(len(texts), dtype=np.int32), unlike)[order]
    shares = np.frombuffer(lengths, dtype=np.int32) / np.mean(lengths)
    counts = np.frombuffer(times, dtype=np.int32)[order]
    weights = weights_of(list(numbers), in_texts, kept, counts, shares.astype(np.float32)[owners], len(texts))
    return numbers, Postings([0, *np.cumsum(kept).tolist()], owners, weights)


def weights_of(names: list[str], in_texts: Any, kept: Any, counts: Any, lengths: Any, size: int) -> "Scores":
    """What each term adds to the scores of those texts that hold it, by their lengths relative to the mean."""
    import numpy as np

    syllables = np.fromiter(map(of_syllables, names), dtype=np.intp, count=len(names))
    rare = np.log1p((size - in_texts + 0.5) / (in_texts + 0.5)).astype(np.float32)
    saturation, share = (np.array(setting, dtype=np.float32)[syllables] for setting in (SATURATION, LENGTH_SHARE))
    norms = np.repeat(saturation * share, kept) * lengths + np.repeat(saturation * (1 - share), kept) + counts
    return np.asarray(np.repeat(rare * (saturation + 1), kept) * counts / norms, dtype=np.float32)
