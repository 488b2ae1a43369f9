"""Prompts that were read and are kept: what the next request begins with need not be read again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Tokens = np.ndarray[tuple[int], np.dtype[np.int32]]
LEAST = 32


@dataclass(eq=False)
class Segment:
    """Keys and values of the first tokens of a prompt, which any number of sequences may read.

    `keys` and `values` are (layers, key heads, tokens, width); the first `filled` tokens of them are there.
    """

    tokens: Tokens
    adapter: str
    keys: Any
    values: Any
    filled: int = 0
    users: int = 0

    @property
    def bytes(self) -> int:
        """Bytes of memory."""
        return sum(tensor.numel() * tensor.element_size() for tensor in (self.keys, self.values))


@dataclass
class Segments:
    """The segments that are kept, the one that was used last at the end; those in use are never dropped."""

    most_bytes: int
    kept: list[Segment] = field(default_factory=list)

    def match(self, tokens: Sequence[int], adapter: str) -> tuple[Segment | None, int]:
        """The segment that has most of the first tokens in common, and how many: at least 32, else None and 0."""
        wanted = np.asarray(tokens, np.int32)
        found, most = None, LEAST - 1
        for segment in self.kept:
            if segment.adapter == adapter and (length := common(segment.tokens, wanted)) > most:
                found, most = segment, length
        return found, most if found else 0

    def add(self, segment: Segment) -> None:
        """Keeps a segment, and drops the oldest unused ones where that takes too much memory."""
        self.kept.append(segment)
        held = sum(one.bytes for one in self.kept)
        for old in list(self.kept):
            if held > self.most_bytes and not old.users and old is not segment:
                self.kept.remove(old)
                held -= old.bytes

    def use(self, segment: Segment) -> None:
        """Notes a sequence that reads the segment."""
        segment.users += 1
        self.kept.remove(segment)
        self.kept.append(segment)

    def leave(self, segment: Segment, *, whole: bool = True) -> None:
        """Notes that a sequence reads it no more; one that will never be `whole` is dropped."""
        segment.users -= 1
        if not whole:
            self.kept.remove(segment)

    def forget(self, adapter: str) -> None:
        """Drops what an adapter has read; what is in use goes with its last sequence."""
        self.kept = [segment for segment in self.kept if segment.adapter != adapter or segment.users]


def common(one: Tokens, other: Tokens) -> int:
    """How many elements both begin with."""
    length = min(len(one), len(other))
    different = np.flatnonzero(one[:length] != other[:length])
    return int(different[0]) if len(different) else length
