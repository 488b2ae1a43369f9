"""The room that an endpoint has for requests in batches that have not ended: learned from its refusals."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from raftune.errors import ProviderError, QueueFull

T = TypeVar("T")

SHARE = 0.45  # of the endpoint's limit in one batch: while one ends, the next one runs, and estimates are not exact
LONGEST_PAUSE = 600.0
MANY = 10
PATIENCE = 2 * 86_400.0  # seconds of refusals, when all that is ahead must have ended


class Room:
    """Counts the tokens of batches that have not ended.

    `most` are those of one batch, None as long as none was refused. `pause` are the seconds after the first refusal;
    they double.
    """

    def __init__(self, pause: float, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.most: float | None = None
        self.taken = 0
        self._first = self._pause = pause
        self._waited = 0.0
        self._sleep = sleep
        self._left = asyncio.Condition()

    async def enter(self, tokens: int) -> None:
        """Takes room for a batch, once there is enough of it or no other batch is left."""
        async with self._left:
            await self._left.wait_for(
                lambda: self.most is None or not self.taken or self.taken + tokens <= 2 * self.most
            )
            self.taken += tokens

    async def leave(self, tokens: int) -> None:
        """Gives room back: the batch has ended."""
        async with self._left:
            self.taken -= tokens
            self._left.notify_all()

    def accepted(self) -> None:
        """A batch is being worked on: the next refusal is the first one again."""
        self._pause, self._waited = self._first, 0.0

    async def refused(self, tokens: int, refusal: QueueFull) -> None:
        """Learns from a refusal of a batch and waits a while. Raises ProviderError where there never is any room."""
        told = float("inf") if refusal.tokens is None else SHARE * refusal.tokens
        others_fill_it = told != float("inf") and self._waited < MANY * self._first
        self.most = min(told, tokens if others_fill_it else tokens / 2)
        if self._waited > PATIENCE:
            raise ProviderError(refusal.message, "Ask for a larger quota of enqueued tokens.")
        pause, self._pause = self._pause, min(2 * self._pause, LONGEST_PAUSE)
        self._waited += pause
        await self._sleep(pause)

    def parts(self, items: Sequence[T], count: Callable[[T], int]) -> Iterator[list[T]]:
        """Items in parts that each fit into one batch; an item that is larger than that stands alone."""
        part: list[T] = []
        total = 0
        for item in items:
            tokens = count(item)
            if part and self.most is not None and total + tokens > self.most:
                yield part
                part, total = [], 0
            part.append(item)
            total += tokens
        if part:
            yield part
