"""Doing a thing again, after a pause, when an endpoint is not available for the moment."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from raftune.errors import RateLimited, Unavailable

T = TypeVar("T")

log = logging.getLogger("raftune.retrying")

ODD = frozenset({"no completion", "answer too long"})  # reasons of answers that are none


class Retrying:
    """Tries up to `attempts` times; the pauses double from `first` to `longest` seconds, with full jitter.

    An endpoint that asks for a longer pause gets it, but none over `patience` seconds: then the error stands. What
    answers, but not with what was asked for, is tried `odd` times only: that is seldom a matter of time.
    """

    def __init__(
        self,
        attempts: int = 8,
        odd: int = 3,
        first: float = 1.0,
        longest: float = 60.0,
        patience: float = 300.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        seed: int | None = None,
    ) -> None:
        self.attempts = attempts
        self.odd = odd
        self.first = first
        self.longest = longest
        self.patience = patience
        self._sleep = sleep
        self._random = random.Random(seed)  # noqa: S311 - jitter, not cryptography

    async def call(self, work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives. Raises the last Unavailable when all attempts failed; other errors at once.

        A 429 too: whoever sees one here has been waiting for it already.
        """
        odd = 0
        for attempt in range(self.attempts - 1):
            try:
                return await work()
            except Unavailable as error:
                if isinstance(error, RateLimited) or (error.retry_after or 0.0) > self.patience:
                    raise
                odd += error.reason in ODD
                if odd >= self.odd:
                    raise
                seconds = self.pause(attempt, error.retry_after)
                log.debug("attempt %d failed (%s), again in %.1f s", attempt + 1, error.reason, seconds)
                await self._sleep(seconds)
        return await work()

    def pause(self, attempt: int, retry_after: float | None) -> float:
        """Seconds to wait after failed attempt number `attempt` (from 0): never less than the endpoint asked for."""
        jitter = self._random.uniform(0, min(self.longest, self.first * 2.0**attempt))
        return jitter if retry_after is None else retry_after + min(jitter, self.first)
