"""Requests on their way to an endpoint: one that was sent is paid for, so a run that stops lets its reply arrive."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(eq=False)
class Flight:
    """A request that somebody remembers: how many times it is with the endpoint now; whether all have left it."""

    sent: int = 0
    abandoned: bool = False


CURRENT: ContextVar[Flight | None] = ContextVar("flight", default=None)


@contextmanager
def sending() -> Iterator[None]:
    """Stands around the sending of a request, up to its reply.

    Raises CancelledError instead of sending, and in place of an error that would be cause to send again, where nobody
    waits for the reply any more.
    """
    flight = CURRENT.get()
    if flight is None:
        yield
        return
    if flight.abandoned:
        raise asyncio.CancelledError
    flight.sent += 1
    try:
        yield
    except Exception as error:
        if flight.abandoned:
            raise asyncio.CancelledError from error
        raise
    finally:
        flight.sent -= 1
