"""Group commit: what many callers want written at the same time is written at once, by a thread of its own."""

import asyncio
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, TypeVar

from raftune.errors import StoreError

T = TypeVar("T")

Waiting = asyncio.Future[None]


class GroupWriter(Generic[T]):
    """Calls `write` with the items of all who came while it last ran; the first caller of an idle one does not wait."""

    def __init__(self, write: Callable[[Sequence[T]], object]) -> None:
        self._write = write
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._lock = threading.Lock()
        self._items: list[T] = []
        self._callers: list[Waiting] = []
        self._busy = False

    async def written(self, items: Sequence[T]) -> None:
        """Returns once `items` are written; they are also written when the caller does not wait. Raises StoreError."""
        caller: Waiting = asyncio.get_running_loop().create_future()
        with self._lock:
            self._items.extend(items)
            self._callers.append(caller)
            start, self._busy = not self._busy, True
        if start:
            self._thread.submit(self._write_group)
        await caller

    def close(self) -> None:
        """Writes what waits, then ends the thread."""
        while self._busy:
            self._thread.submit(int).result()  # runs behind the group that is being written
        self._thread.shutdown(wait=True)

    def _write_group(self) -> None:
        with self._lock:
            items, self._items = self._items, []
            callers, self._callers = self._callers, []
        try:
            self._write(items)
        finally:
            answer(callers, sys.exc_info()[1])
            with self._lock:
                self._busy = bool(self._callers)
                if self._busy:
                    self._thread.submit(self._write_group)


def answer(callers: Sequence[Waiting], error: BaseException | None) -> None:
    """Wakes those who wait, each in its event loop, by one call a loop; one that is closed has nobody waiting."""
    loops: dict[asyncio.AbstractEventLoop, list[Waiting]] = defaultdict(list)
    for caller in callers:
        loops[caller.get_loop()].append(caller)
    for loop, mine in loops.items():
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, mine, error)


def settle(callers: Sequence[Waiting], error: BaseException | None) -> None:
    """Ends the waiting; each gets an error of its own, since a traceback grows where it is raised."""
    for caller in callers:
        if caller.done():
            continue
        if isinstance(error, StoreError):
            caller.set_exception(StoreError(error.message, error.advice))
        elif error is not None:
            caller.set_exception(error)
        else:
            caller.set_result(None)
