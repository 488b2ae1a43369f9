"""Guesses at the next tokens of a text that quotes: what followed the same words earlier, most often in a document.

A guess costs little where few texts are made together, since a step reads all weights for one token or for ten. It is
kept only where the model itself writes it, so greedy texts stay the same. This is prompt lookup decoding (Saxena 2023):
speculative decoding (arXiv 2211.17192) whose draft is the prompt.
"""

from collections.abc import Sequence

import numpy as np

SAME = 3  # tokens that have to be the same before a guess
FIRST, MOST = 4, 16


def guess(tokens: Sequence[int], most: int) -> list[int]:
    """At most `most` tokens that followed the last place where the text's last three tokens stood; none: []."""
    if most <= 0 or len(tokens) <= SAME:
        return []
    held = np.asarray(tokens, np.int64)
    same = np.ones(len(held) - SAME, bool)
    for place in range(SAME):
        same &= held[place : len(held) - SAME + place] == held[len(held) - SAME + place]
    found = np.flatnonzero(same)
    if not len(found):
        return []
    start = int(found[-1]) + SAME
    return [int(token) for token in held[start : start + most]]


def next_length(length: int) -> int:
    """How long the next guess may be after one that held to its end; after one that failed it is `FIRST` again."""
    return min(MOST, 2 * length)
