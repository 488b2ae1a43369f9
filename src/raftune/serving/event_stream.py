"""An answer as server-sent events, which ends when its client leaves or its time is over."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from raftune.errors import RaftuneError
from raftune.serving.leaving import ClientGone, closing, too_late, unless_gone
from raftune.serving.refusals import Refusal, refusal_of, told

LAST_WORDS = 1.0  # seconds to tell an error to a client that may not read any more
DONE = b"data: [DONE]\n\n"


class EventStream(Response):
    """Each object of `events` as one event, then [DONE]. What fails on the way is told as an event, too.

    `deadline` is on the clock of the event loop. What happened on the way stands in the request's state for the log.
    """

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[Mapping[str, Any]], deadline: float) -> None:
        self.events = events
        self.deadline = deadline
        self.status_code = 200
        self.background = None
        self.init_headers({"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the events."""
        async with closing(self.events):
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            try:
                await unless_gone(receive, self.stream(scope, send))
            except ClientGone:
                scope["state"]["gone"] = True

    async def stream(self, scope: Scope, send: Send) -> None:
        """Sends all events, or those there are until one fails."""
        try:
            async with asyncio.timeout_at(self.deadline):
                async for event in self.events:
                    await send(part(event_of(event)))
                await send(part(DONE, more=False))
        except (RaftuneError, HTTPException, TimeoutError) as error:
            await self.tell(too_late() if isinstance(error, TimeoutError) else told(error), scope, send)
        except Exception as error:
            await self.tell(refusal_of(error), scope, send)
            raise

    async def tell(self, refusal: Refusal, scope: Scope, send: Send) -> None:
        """Sends an error as the last event."""
        scope["state"]["failed"] = refusal.code
        async with asyncio.timeout(LAST_WORDS):
            await send(part(event_of(refusal.body()), more=False))


def event_of(row: Mapping[str, Any]) -> bytes:
    """An object as an event."""
    return b"data: " + json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"


def part(body: bytes, *, more: bool = True) -> dict[str, Any]:
    """A part of the answer's body."""
    return {"type": "http.response.body", "body": body, "more_body": more}
