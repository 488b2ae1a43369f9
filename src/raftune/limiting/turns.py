"""Those who wait to send a request, first come, first served; one that has to be sent again keeps its number."""

import asyncio
import heapq
from dataclasses import dataclass, field
from itertools import count


@dataclass(order=True)
class Turn:
    """A request that waits: its number, its tokens by estimate, the most that may come back, and what wakes it."""

    number: int
    tokens: int = field(compare=False)
    most: int = field(compare=False)
    ready: asyncio.Future[None] = field(compare=False)
    sent: bool = field(default=False, compare=False)


class Turns:
    """The queue of those who wait; the ones that gave up are passed over."""

    def __init__(self) -> None:
        self._waiting: list[Turn] = []
        self._numbers = count()

    def number(self) -> int:
        """The number of a request that comes now."""
        return next(self._numbers)

    def add(self, number: int, tokens: int, most: int) -> Turn:
        """Puts a request into the queue of the running event loop."""
        turn = Turn(number, tokens, most, asyncio.get_running_loop().create_future())
        heapq.heappush(self._waiting, turn)
        return turn

    def first(self) -> Turn | None:
        """Whose turn it is, or None."""
        while self._waiting and self._waiting[0].ready.done():
            heapq.heappop(self._waiting)
        return self._waiting[0] if self._waiting else None

    def wake(self) -> None:
        """Lets the first one go on."""
        heapq.heappop(self._waiting).ready.set_result(None)

    def wake_all(self) -> None:
        """Lets all go on."""
        while self.first():
            self.wake()

    def clear(self) -> None:
        """Forgets those who wait: their event loop is gone."""
        self._waiting.clear()
