"""Parts of pages that change while they are looked at: sent as events, whenever they read otherwise than before."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import StreamingResponse

LONGEST = 3600.0  # seconds; the browser then asks again
QUIET = 15.0  # seconds without a change after which a word is sent, so that a lost browser is noticed


def live(request: Request, draw: Callable[[], tuple[str, bool]], seconds: float = 0.5) -> StreamingResponse:
    """Sends what `draw` gives each time it has changed; `draw` also says whether that was the last of it."""
    return StreamingResponse(
        changes(request, draw, seconds), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def changes(request: Request, draw: Callable[[], tuple[str, bool]], seconds: float) -> AsyncIterator[str]:
    """The events."""
    clock = asyncio.get_running_loop().time
    began = told = clock()
    before = ""
    while clock() - began < LONGEST and not await request.is_disconnected():
        text, last = await run_in_threadpool(draw)
        if text != before:
            yield event("html", text)
            before, told = text, clock()
        elif clock() - told > QUIET:
            yield ": still here\n\n"
            told = clock()
        if last:
            yield event("end", "")
            return
        await asyncio.sleep(seconds)


def event(name: str, text: str) -> str:
    """One event; its text is JSON, so that it may have lines."""
    return f"event: {name}\ndata: {json.dumps(text, ensure_ascii=False)}\n\n"
