"""The best of many scores, with ties in order of position, so that a ranking is the same everywhere."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np

    Scores: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float32]]"
    Places: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int32]]"

BLOCK = 64


def best(scores: "Scores", count: int) -> "tuple[Places, Scores]":
    """The positions of the `count` highest scores (or all there are) and these scores, best first."""
    import numpy as np

    count = min(count, len(scores))
    if count <= 0:
        return np.zeros(0, dtype=np.int32), scores[:0]
    lowest = np.partition(heads := heads_of(scores, count), len(heads) - count)[len(heads) - count]
    candidates = np.flatnonzero(scores >= lowest)
    places = candidates[np.argsort(-scores[candidates], kind="stable")[:count]]
    return places.astype(np.int32), scores[places]


def heads_of(scores: "Scores", count: int) -> "Scores":
    """The best score of each block, or all scores where blocks are fewer than `count`.

    The count-th best of them cannot be above the count-th best of all: a bound that is found in a fraction of the time.
    """
    blocks = len(scores) // BLOCK
    if blocks < count:
        return scores
    heads: Scores = scores[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
    return heads


def fused(first: "tuple[Places, Scores]", second: "tuple[Places, Scores]", weight: float, size: int) -> "Scores":
    """Scores of all `size` texts from two rankings, each stretched from 0 for its last to 1 for its best text."""
    import numpy as np

    together = np.zeros(size, dtype=np.float32)
    for (places, scores), share in ((first, 1 - weight), (second, weight)):
        if len(scores) and scores[0] > scores[-1]:
            together[places] += np.float32(share) * (scores - scores[-1]) / (scores[0] - scores[-1])
    return together
