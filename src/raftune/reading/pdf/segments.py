"""Words -> segments: stretches of words on one baseline without a wide gap, the atoms of reading order and tables."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from raftune.reading.pdf.words import Word

WIDE_GAP = 0.85  # of the font size: wider than a word space in justified text, narrower than a gutter
SAME_BASELINE = 0.32


@dataclass(frozen=True)
class Segment:
    """Words from left to right on one baseline."""

    words: tuple[Word, ...]

    @cached_property
    def left(self) -> float:
        """The left edge."""
        return self.words[0].left

    @cached_property
    def right(self) -> float:
        """The right edge."""
        return max(word.right for word in self.words)

    @cached_property
    def top(self) -> float:
        """The upper edge of the ink."""
        return min(word.top for word in self.words)

    @cached_property
    def bottom(self) -> float:
        """The lower edge of the ink."""
        return max(word.bottom for word in self.words)

    @cached_property
    def baseline(self) -> float:
        """The median baseline."""
        return median(word.baseline for word in self.words)

    @cached_property
    def size(self) -> float:
        """The font size of most letters."""
        letters: Counter[float] = Counter()
        for word in self.words:
            letters[word.size] += len(word.text)
        return max(letters, key=lambda size: (letters[size], size))

    @cached_property
    def text(self) -> str:
        """The words with spaces."""
        return words_text(self.words)


def words_text(words: Iterable[Word]) -> str:
    """Words with spaces."""
    return " ".join(word.text for word in words)


def segments_of(words: Iterable[Word]) -> list[Segment]:
    """The segments of upright words, from top to bottom and left to right."""
    return [segment for row in rows_of(words) for segment in cut_row(row)]


def rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words by baseline, each row from left to right. A smaller word joins a row a little earlier than a larger one."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.baseline, word.left)):
        if rows and word.baseline - rows[-1][0].baseline <= SAME_BASELINE * min(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda word: word.left)
    return rows


def cut_row(row: Sequence[Word]) -> list[Segment]:
    """A row cut at its wide gaps."""
    pieces: list[list[Word]] = [[row[0]]]
    for before, word in pairwise(row):
        if word.left - before.right > WIDE_GAP * max(before.size, word.size, 4.0):
            pieces.append([word])
        else:
            pieces[-1].append(word)
    return [Segment(tuple(piece)) for piece in pieces]
