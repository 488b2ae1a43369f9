"""Work for a client that may leave, or whose time may be over: it ends then."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from starlette.types import Receive

from raftune.serving.refusals import Refusal

T = TypeVar("T")


class ClientGone(Exception):
    """Nobody waits for the answer."""


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives. It is cancelled, and ClientGone raised, when the client disconnects first.

    The body of the request must have been read before.
    """
    working = asyncio.create_task(work)
    watching = asyncio.create_task(gone(receive))
    try:
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)
    return working.result()


async def gone(receive: Receive) -> None:
    """Returns when the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def within(deadline: float, work: Awaitable[T]) -> T:
    """What `work` gives. Raises Refusal (504) at `deadline`, which is on the clock of the event loop."""
    try:
        async with asyncio.timeout_at(deadline):
            return await work
    except TimeoutError:
        raise too_late() from None


def too_late() -> Refusal:
    """What is told when a request takes too long: asking again at once would take as long."""
    return Refusal(504, "The answer took too long.", headers={"x-should-retry": "false"})


@asynccontextmanager
async def closing(pieces: AsyncIterator[T]) -> AsyncIterator[AsyncIterator[T]]:
    """Pieces whose making ends with the block. (Leaving a loop alone does not end an asynchronous generator.)"""
    try:
        yield pieces
    finally:
        if close := getattr(pieces, "aclose", None):
            await close()
