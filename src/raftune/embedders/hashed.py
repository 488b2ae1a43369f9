"""Vectors without a model, for any language: character n-grams hashed into a fixed number of dimensions.

Korean endings and English inflections share most of their n-grams with the plain word, so neither needs a dictionary.
The hash is our own: the same text has the same vector in every process and on every machine.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from raftune.vectors import unit_rows

if TYPE_CHECKING:
    import numpy as np

    from raftune.contracts import Vectors

    Codes = np.ndarray[tuple[int], np.dtype[np.uint64]]

VERSION = 1  # raise it when vectors change: the name is part of keys
DIMENSIONS = 2048
LENGTHS = (2, 3, 4)
APART = re.compile(r"[\W_]+")
CHARACTERS, TEXTS = 1 << 19, 1024  # worked on at a time: bounds the memory of a long list
MULTIPLIERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)


class HashedEmbedder:
    """Each n-gram adds the square root of its count to one dimension, with a sign of its own."""

    def __init__(self, dimensions: int | None = None) -> None:
        self.dimensions = dimensions or DIMENSIONS
        self.name = f"hashed-{self.dimensions}-{VERSION}"

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """One row of length 1 a text; a text without letters and digits is a unit vector of its own kind."""
        import numpy as np

        rows = [self.rows(batch) for batch in batches([plain(text) for text in texts])]
        return np.concatenate([np.zeros((0, self.dimensions), dtype=np.float32), *rows])

    def rows(self, texts: Sequence[str]) -> "Vectors":
        """The vectors of plain texts."""
        import numpy as np

        codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
        owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        sums = np.zeros(len(texts) * self.dimensions)
        for length in LENGTHS:
            if len(codes) < length:
                continue
            whole = owners[: len(owners) - length + 1] == owners[length - 1 :]
            hashes, owner = hashed(codes, length)[whole], owners[: len(whole)][whole]
            # The upper half of a hash tells n-grams apart, and the row stands above it: one sort counts them all.
            grams = owner.astype(np.uint64) << np.uint64(40) | hashes >> np.uint64(24)
            keys, counts = np.unique(grams, return_counts=True)
            bits = keys & np.uint64((1 << 40) - 1)
            signs = np.where(bits >> np.uint64(39), 1.0, -1.0)
            places = (keys >> np.uint64(40)) * np.uint64(self.dimensions) + bits % np.uint64(self.dimensions)
            sums += np.bincount(places.astype(np.int64), weights=signs * np.sqrt(counts), minlength=len(sums))
        return unit_rows(sums.reshape(len(texts), self.dimensions))


def plain(text: str) -> str:
    """Lower-case words between single spaces, with one space at both ends."""
    return f" {APART.sub(' ', unicodedata.normalize('NFKC', text).lower()).strip()} "


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in batches of at most `TEXTS` that end with the text that reaches `CHARACTERS`."""
    first = size = 0
    for number, text in enumerate(texts):
        size += len(text)
        if size >= CHARACTERS or number + 1 - first == TEXTS:
            yield texts[first : number + 1]
            first, size = number + 1, 0
    if first < len(texts):
        yield texts[first:]


def hashed(codes: "Codes", length: int) -> "Codes":
    """A hash for each run of `length` codes: a sum of multiples, stirred as splitmix64 does."""
    import numpy as np

    count = len(codes) - length + 1
    value = np.full(count, length, dtype=np.uint64)
    for offset in range(length):
        value += codes[offset : offset + count] * np.uint64(MULTIPLIERS[offset])
    for shift, multiplier in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        value = (value ^ value >> np.uint64(shift)) * np.uint64(multiplier)
    return value ^ value >> np.uint64(31)


plug = HashedEmbedder
