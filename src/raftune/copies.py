"""Whether one passage repeats another: by the runs of five words that they share."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    Hashes = np.ndarray[tuple[int], np.dtype[np.uint64]]

SHINGLE = 5
COPIED_SHARE = 0.3
LEAKED_SHARE = 0.5
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class PassageWords:
    """A passage's words in order, and a number for each of its runs of five words, ascending, each once."""

    sequence: str
    shingles: "Hashes"


def words_of(text: str) -> list[str]:
    """Lower-case words and numbers."""
    return WORD.findall(text.lower())


class Vocabulary:
    """Numbers words, so that runs of words can be hashed many at a time."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def passage(self, text: str) -> PassageWords:
        """What passages are compared by. Two runs of words share a number by accident once in 2 ** 64."""
        words = words_of(text)
        return PassageWords(f" {' '.join(words)} ", self.shingles(words))

    def shingles(self, words: Sequence[str]) -> "Hashes":
        """The numbers of the runs of five words."""
        import numpy as np

        numbers = np.array([self._numbers.setdefault(word, len(self._numbers)) for word in words], np.uint64)
        runs = max(0, len(numbers) - SHINGLE + 1)
        total = np.zeros(runs, np.uint64)
        for place in range(SHINGLE):
            total = scattered(total + numbers[place : place + runs])
        return np.unique(total)


def scattered(numbers: "Hashes") -> "Hashes":
    """Well mixed 64 bit numbers (the finaliser of SplitMix64)."""
    import numpy as np

    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def is_copy(one: "Hashes", other: "Hashes", share: float = COPIED_SHARE) -> bool:
    """Whether the passages share so many of the runs of the shorter one that one repeats the other."""
    import numpy as np

    shorter, longer = sorted((one, other), key=len)
    if not len(shorter):
        return False
    found = np.searchsorted(longer, shorter)
    shared = np.count_nonzero(longer[np.minimum(found, len(longer) - 1)] == shorter)
    return bool(shared >= share * len(shorter))


def copies_of(
    wanted: Iterable[int], among: Iterable[int], passages: Sequence["Hashes"], share: float = LEAKED_SHARE
) -> dict[int, int]:
    """Those of `among` that repeat one of `wanted`, with which one; both are places in `passages`. Exact.

    Of the shorter of two such passages so few runs can be missing in the longer that any few more of its runs include
    a shared one; the rarest are taken, so text that stands on every page is not looked at.
    """
    kept, tried = list(wanted), list(among)
    rare = dict(zip(kept + tried, rarest([passages[place] for place in kept + tried], share), strict=True))
    found: dict[int, int] = {}
    whole, parts = Holders(kept, passages), Holders(kept, rare)
    for place in tried:
        candidates = [*whole.of(rare[place]), *parts.of(passages[place])]
        for candidate in dict.fromkeys(candidates):
            if is_copy(passages[candidate], passages[place], share):
                found[place] = candidate
                break
    return found


class Holders:
    """Which passages hold a run of words."""

    def __init__(self, places: Sequence[int], runs: "Sequence[Hashes] | Mapping[int, Hashes]") -> None:
        import numpy as np

        lengths = [len(runs[place]) for place in places]
        hashes = np.concatenate([np.zeros(0, np.uint64), *(runs[place] for place in places)])
        order = np.argsort(hashes, kind="stable")
        self._owners = np.repeat(np.array(places, np.int64), lengths)[order]
        self._runs, self._starts = np.unique(hashes[order], return_index=True)
        self._ends = np.append(self._starts[1:], len(hashes))

    def of(self, runs: "Hashes") -> list[int]:
        """The passages that hold one of some runs, each as often as it does."""
        import numpy as np

        if not len(self._runs):
            return []
        places = np.minimum(np.searchsorted(self._runs, runs), len(self._runs) - 1)
        known = places[self._runs[places] == runs]
        return [
            int(owner)
            for start, end in zip(self._starts[known], self._ends[known], strict=True)
            for owner in self._owners[start:end]
        ]


def rarest(passages: Sequence["Hashes"], share: float) -> "list[Hashes]":
    """Of each passage so many of its rarest runs that a passage which shares `share` of all shares one of them."""
    import numpy as np

    together = np.concatenate([np.zeros(0, np.uint64), *passages])
    _, numbers, counts = np.unique(together, return_inverse=True, return_counts=True)
    occurrences, start, rare = counts.astype(np.int32)[numbers], 0, []
    del together, numbers, counts
    for runs in passages:
        order = np.argsort(occurrences[start : start + len(runs)], kind="stable")
        rare.append(runs[order[: len(runs) - ceil(share * len(runs)) + 1]])
        start += len(runs)
    return rare
