"""Where requests wait until they may be sent, and what is in flight."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from raftune.errors import ProviderError
from raftune.limiting.turns import Turn, Turns

GRACE = 2.0  # seconds that calls in flight get to end in, once the gate is closed


class Gate:
    """Lets `room()` requests be in flight, each once `wait(turn)` is no second any more; tells `taken` of each.

    Once `closed` is set, nothing is sent any more, and all who wait get that error.
    """

    def __init__(self, room: Callable[[], int], wait: Callable[[Turn], float], taken: Callable[[Turn], None]) -> None:
        self.in_flight = 0
        self.closed: ProviderError | None = None
        self.turns = Turns()
        self._room = room
        self._wait = wait
        self._taken = taken
        self._timer: asyncio.TimerHandle | None = None
        self._landed = asyncio.Event()

    def reopen(self) -> None:
        """Forgets what belongs to an earlier event loop."""
        self.in_flight = 0
        self.turns.clear()
        self._timer, self._landed = None, asyncio.Event()

    def close(self, error: ProviderError) -> None:
        """Nothing is sent any more: the first error stands."""
        self.closed = self.closed or error

    async def enter(self, number: int, tokens: int, most: int) -> None:
        """Waits until a request may be sent, in the order of the numbers. Raises the error that closed the gate."""
        turn = self.turns.add(number, tokens, most)
        self.pump()
        try:
            await turn.ready
        except asyncio.CancelledError:
            self._give_back(turn)
            raise
        if self.closed is not None:
            self._give_back(turn)
            await self._drained()
            raise self.closed

    async def leave(self) -> None:
        """A request is back. Where the gate was closed, waits for the others: they are paid for."""
        self._land()
        if self.closed is not None:
            await self._drained()

    def pump(self) -> None:
        """Lets those go whose turn has come; sets a timer for the next where only time is missing."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.closed is not None:
            self.turns.wake_all()
        while self.in_flight < self._room() and (turn := self.turns.first()):
            if (wait := self._wait(turn)) > 0:
                self._timer = asyncio.get_running_loop().call_later(wait, self.pump)
                return
            self.in_flight += 1
            turn.sent = True
            self._taken(turn)
            self.turns.wake()

    def _give_back(self, turn: Turn) -> None:
        """The place of a request that is not sent after all goes to the next one."""
        if turn.sent:
            self._land()
        else:
            self.pump()

    def _land(self) -> None:
        self.in_flight -= 1
        self._landed.set()
        self.pump()

    async def _drained(self) -> None:
        """Returns when nothing is in flight, or after two seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                while self.in_flight > 0:
                    self._landed.clear()
                    await self._landed.wait()
