"""Lets a few requests through at a time. Those that wait take turns by client, so that none is kept off by others."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from raftune.serving.refusals import Refusal

SMOOTHING = 0.2  # of the newest duration in the average
LONGEST_WAIT = 60


@dataclass(frozen=True)
class Waiter:
    """A request in line, and how many places it takes."""

    places: int
    admitted: asyncio.Future[None]


@dataclass
class Turnstile:
    """`at_once` places and room for `room` requests in line. For one event loop."""

    at_once: int
    room: int
    taken: int = 0
    average: float = 1.0
    lines: OrderedDict[str, deque[Waiter]] = field(default_factory=OrderedDict)

    @property
    def waiting(self) -> int:
        """How many are in line."""
        return sum(map(len, self.lines.values()))

    @property
    def full(self) -> bool:
        """Whether the next request would be refused."""
        return self.taken >= self.at_once and self.waiting >= self.room

    @asynccontextmanager
    async def turn(self, client: str, places: int = 1) -> AsyncIterator[None]:
        """Waits for `places` (at most `at_once`) and keeps them. Raises Refusal (429) where the line is full."""
        await self.enter(client, places)
        begun = monotonic()
        try:
            yield
        finally:
            self.average += SMOOTHING * (monotonic() - begun - self.average)
            self.leave(places)

    async def enter(self, client: str, places: int) -> None:
        """Waits in the client's line."""
        if not self.lines and self.taken + places <= self.at_once:
            self.taken += places
            return
        if self.waiting >= self.room:
            raise Refusal(
                429,
                "Too many requests are waiting. Ask again later.",
                code="queue_full",
                headers={"Retry-After": str(self.soon())},
            )
        waiter = Waiter(places, asyncio.get_running_loop().create_future())
        self.lines.setdefault(client, deque()).append(waiter)
        try:
            await waiter.admitted
        except asyncio.CancelledError:
            if waiter.admitted.cancelled():
                self.forget(client, waiter)
            else:  # both happened at once: let in, and told to stop
                self.leave(places)
            raise

    def leave(self, places: int) -> None:
        """Gives places back."""
        self.taken -= places
        self.admit()

    def admit(self) -> None:
        """Lets in who is next: the first of the client whose turn it is, and then that client is last."""
        while self.lines:
            client, line = next(iter(self.lines.items()))
            if not line[0].admitted.cancelled() and self.taken + line[0].places > self.at_once:
                return
            waiter = line.popleft()
            self.lines.move_to_end(client)
            if not line:
                del self.lines[client]
            if not waiter.admitted.cancelled():
                self.taken += waiter.places
                waiter.admitted.set_result(None)

    def forget(self, client: str, waiter: Waiter) -> None:
        """Takes one that gave up out of its line, if it is still there."""
        line = self.lines.get(client, deque())
        if waiter in line:
            line.remove(waiter)
            if not line:
                del self.lines[client]
        self.admit()

    def soon(self) -> int:
        """Seconds after which there may be room, by how long turns took lately."""
        return min(LONGEST_WAIT, max(1, round(self.average * (self.waiting + 1) / self.at_once)))
