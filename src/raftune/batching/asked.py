"""Requests that wait for a batch, and those who wait for their replies."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from raftune.contracts import ChatReply, ChatRequest

MOST_BYTES = 190_000_000  # of a file that may have 200 MB


@dataclass(eq=False)
class Asked:
    """A request, its size in bytes as a line, and those who wait for its reply."""

    request: ChatRequest
    size: int
    waiting: list[asyncio.Future[ChatReply]] = field(default_factory=list)

    @property
    def wanted(self) -> bool:
        """Whether anybody still waits."""
        return any(not future.done() for future in self.waiting)

    def settle(self, outcome: ChatReply | BaseException) -> None:
        """Gives all who wait the reply, or an error to raise, each one of its own."""
        for future in self.waiting:
            if future.done():
                continue
            if isinstance(outcome, ChatReply):
                future.set_result(outcome)
            else:
                future.set_exception(twin(outcome))


def twin(error: BaseException) -> BaseException:
    """An equal error: the traceback of one that many raise would grow with each of them."""
    made = type(error).__new__(type(error), *error.args)
    made.__dict__.update(error.__dict__)
    made.__cause__ = error.__cause__
    return made


class Gathering:
    """Requests that come soon after each other.

    `hand_in` gets them as soon as none came for `seconds`, or there are `most` of them, or they fill a file.
    """

    def __init__(self, hand_in: Callable[[Sequence[Asked]], None], seconds: float, most: int) -> None:
        self.hand_in = hand_in
        self.seconds = seconds
        self.most = most
        self.asked: dict[str, Asked] = {}
        self._bytes = 0
        self._last = 0.0

    def add(self, asked: Asked) -> None:
        """Takes a request, whose key is not among those it has."""
        if self._bytes + asked.size > MOST_BYTES:
            self.flush()
        loop = asyncio.get_running_loop()
        self._last = loop.time()
        if not self.asked:
            loop.call_later(self.seconds, self._look, self.asked)
        self.asked[asked.request.key] = asked
        self._bytes += asked.size
        if len(self.asked) >= self.most:
            self.flush()

    def clear(self) -> list[Asked]:
        """Takes all requests out."""
        asked, self.asked, self._bytes = list(self.asked.values()), {}, 0
        return asked

    def flush(self) -> None:
        """Hands in those that are still wanted."""
        if wanted := [asked for asked in self.clear() if asked.wanted]:
            self.hand_in(wanted)

    def _look(self, mine: dict[str, Asked]) -> None:
        """Flushes once no request came for a while, unless that was done meanwhile."""
        loop = asyncio.get_running_loop()
        rest = self._last + self.seconds - loop.time()
        if self.asked is mine and rest > 0:
            loop.call_later(rest, self._look, mine)
        elif self.asked is mine:
            self.flush()
