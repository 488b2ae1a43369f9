"""Which passages hold which terms, as arrays: a function of the passages alone, however they came together."""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from raftune.digest import digest
from raftune.terms import terms

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[tuple[int], np.dtype[np.int32]]
    Offsets = np.ndarray[tuple[int], np.dtype[np.int64]]
    Letters = np.ndarray[tuple[int], np.dtype[np.uint8]]

SAMPLE = (
    "The Agency's 73 ports were inspected twice in 2021; policies, fees and an über-short C3 test. "
    "항만공사는 2021년에 항만 73곳을 점검하였다. 도선사 면허 의 갱신, ＡＢＣ 및 제3조제1항. 日本語 x"
)


def analyzer() -> str:
    """What tells ways apart to make terms of a text: a digest of what becomes of a sample."""
    return digest(terms(SAMPLE), 16)


@dataclass(frozen=True)
class Postings:
    """Terms in the order of their bytes, and where they stand.

    Term t is `letters[term_starts[t]:term_starts[t + 1]]` in UTF-8. The passages `texts[starts[t]:starts[t + 1]]`, in
    order, hold it `times` as often. `lengths` counts the terms of each passage.
    """

    letters: "Letters"
    term_starts: "Offsets"
    starts: "Offsets"
    texts: "Numbers"
    times: "Numbers"
    lengths: "Numbers"

    def words(self) -> Iterator[bytes]:
        """The terms in order."""
        letters = self.letters.tobytes()
        places = self.term_starts.tolist()
        return (letters[start:end] for start, end in pairwise(places))

    def arrays(self) -> dict[str, Any]:
        """The arrays by their names."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = ("letters", "term_starts", "starts", "texts", "times", "lengths")


@dataclass(frozen=True)
class Counted:
    """The terms of the passages at `places`, each with its count in `lengths`.

    Of each of their terms: its number in `words`, the place of the passage, how often that has it.
    """

    words: Mapping[bytes, int]
    numbers: "Numbers"
    texts: "Numbers"
    times: "Numbers"
    places: "Numbers"
    lengths: "Numbers"


def counted(texts: Mapping[int, str]) -> Counted:
    """The terms of passages, by their places."""
    import numpy as np

    words: dict[bytes, int] = {}
    numbers, times, unlike, lengths = array("i"), array("i"), array("i"), array("i")
    for text in texts.values():
        found = Counter(terms(text))
        numbers.extend([words.setdefault(term.encode(), len(words)) for term in found])
        times.extend(found.values())
        unlike.append(len(found))
        lengths.append(found.total())
    places = np.fromiter(texts, np.int32, len(texts))
    return Counted(words, whole(numbers), np.repeat(places, whole(unlike)), whole(times), places, whole(lengths))


def whole(numbers: "array[int]") -> "Numbers":
    """Numbers as an array of numpy."""
    import numpy as np

    return np.frombuffer(numbers, np.int32) if len(numbers) else np.zeros(0, np.int32)


def kept(old: Postings, moved: "Numbers") -> Counted:
    """The terms of passages that were indexed before; `moved` has their new places, -1 for those that are gone."""
    import numpy as np

    numbers = np.repeat(np.arange(len(old.starts) - 1, dtype=np.int32), np.diff(old.starts))
    texts = moved[old.texts]
    stays, here = texts >= 0, moved >= 0
    words = {word: number for number, word in enumerate(old.words())}
    return Counted(words, numbers[stays], texts[stays], old.times[stays], moved[here], old.lengths[here])


def joined(parts: Sequence[Counted]) -> Postings:
    """The postings of all passages, from the terms of each, counted in parts."""
    import numpy as np

    used = [np.unique(part.numbers).tolist() for part in parts]
    spelt = [list(part.words) for part in parts]
    words = sorted({spelling[number] for spelling, some in zip(spelt, used, strict=True) for number in some})
    number_of = {word: number for number, word in enumerate(words)}
    renumbered = []
    for part, spelling, some in zip(parts, spelt, used, strict=True):
        table = np.zeros(len(spelling), np.int32)
        table[some] = [number_of[spelling[number]] for number in some]
        renumbered.append(table[part.numbers])
    numbers, texts = np.concatenate(renumbered), np.concatenate([part.texts for part in parts])
    order = np.lexsort((texts, numbers))
    counts = np.bincount(numbers, minlength=len(words))
    lengths = np.concatenate([part.lengths for part in parts])
    lengths[np.concatenate([part.places for part in parts])] = lengths.copy()
    return Postings(
        np.frombuffer(b"".join(words), np.uint8) if words else np.zeros(0, np.uint8),
        np.array([0, *accumulate(map(len, words))], np.int64),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        texts[order],
        np.concatenate([part.times for part in parts])[order],
        lengths,
    )
