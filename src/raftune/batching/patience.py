"""Asking after batches for hours: an endpoint that is away for a while loses nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeVar

from raftune.contracts import BatchEndpoint, BatchState, ChatReply, ChatRequest
from raftune.errors import ProviderError, QueueFull, Unavailable

T = TypeVar("T")

FIRST_POLL = 1.0
GROWTH = 1.5
ATTEMPTS = 8  # to hand in a batch: nobody waits a day for an address that is wrong
LOOKS = 2
LOOKED_AGAIN = 4  # growths of the first pause: some seconds

Results = list[tuple[str, ChatReply | ProviderError]]


class Patience:
    """An endpoint's batches, looked at every `poll` seconds at most; the first looks are nearer to each other."""

    def __init__(
        self, batches: BatchEndpoint, poll: float, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.batches = batches
        self.poll = poll
        self._sleep = sleep

    async def hand_in(self, lines: Callable[[], Iterable[bytes]], label: str) -> str:
        """The id of a new batch; where an answer got lost, it is looked for before it is handed in again.

        Raises the last Unavailable when the endpoint stays away, QueueFull and other ProviderErrors at once.
        """
        for attempt in range(ATTEMPTS):
            try:
                found = await self.batches.adopt(label) if attempt else None
                return found or await self.batches.submit(lines(), label)
            except QueueFull:
                raise
            except Unavailable as error:
                if attempt == ATTEMPTS - 1:
                    raise
                await self._sleep(max(self.pause(attempt), error.retry_after or 0.0))
        raise AssertionError

    async def find(self, label: str) -> str | None:
        """The id of a batch that an earlier run may have handed in; one that was just sent may take a while to show."""
        for look in range(LOOKS):
            if found := await self.for_long(lambda: self.batches.adopt(label)):
                return found
            if look < LOOKS - 1:
                await self._sleep(self.pause(LOOKED_AGAIN))
        return None

    async def end_of(self, batch: str) -> BatchState:
        """The state of a batch once it has ended or was refused."""
        polls = 0
        while True:
            state = await self.for_long(lambda: self.batches.state(batch))
            if state.ended or state.refused:
                return state
            await self._sleep(self.pause(polls))
            polls += 1

    async def results(
        self, batch: str, requests: Mapping[str, ChatRequest], take: Callable[[Results], Awaitable[None]], most: int
    ) -> None:
        """Gives `take` what became of a batch's requests, `most` at a time; some may come twice."""
        await self.for_long(lambda: self._results(batch, requests, take, most))

    async def for_long(self, work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives, however long the endpoint is away. Raises other ProviderErrors at once."""
        attempt = 0
        while True:
            try:
                return await work()
            except Unavailable as error:
                await self._sleep(max(self.pause(attempt), error.retry_after or 0.0))
                attempt += 1

    def pause(self, number: int) -> float:
        """Seconds before the next look."""
        return float(min(self.poll, FIRST_POLL * GROWTH ** min(number, 20)))

    async def _results(
        self, batch: str, requests: Mapping[str, ChatRequest], take: Callable[[Results], Awaitable[None]], most: int
    ) -> None:
        some: Results = []
        async for result in self.batches.results(batch, requests):
            some.append(result)
            if len(some) >= most:
                await take(some)
                some = []
        await take(some)
