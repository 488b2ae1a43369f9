"""Works on rows in this process: a sliding window of asyncio tasks, results in the order of the rows."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


class LocalEngine:
    """At most `at_once` rows are read ahead and worked on, so memory does not grow with the artifact."""

    async def each(
        self, rows: Iterable[A], work: Callable[[A], Awaitable[B]], at_once: int
    ) -> AsyncIterator[tuple[A, B]]:
        """(row, await work(row)) in the order of `rows`. On an error the tasks in flight are cancelled."""
        if at_once == 1:
            for row in rows:
                yield row, await work(row)
            return
        window: deque[tuple[A, asyncio.Task[B]]] = deque()
        try:
            for row in rows:
                window.append((row, asyncio.ensure_future(work(row))))
                if len(window) >= at_once:
                    first, task = window.popleft()
                    yield first, await task
            while window:
                first, task = window.popleft()
                yield first, await task
        finally:
            for _, task in window:
                task.cancel()
            await asyncio.gather(*(task for _, task in window), return_exceptions=True)


plug = LocalEngine()
