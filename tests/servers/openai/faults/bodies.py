"""Faults of the HTTP body and of the connection. Each gets the sound response; None: it wrote or cut by itself."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from functools import lru_cache

from tests.servers.openai.chat import event, streamed
from tests.servers.openai.wire import EVENTS, Request, Response, Wire, json_response

HUGE = 100_000_000
PACE = 1.0  # seconds from one byte to the next


async def html(_: Request, __: Wire, ___: Response) -> Response:
    """HTML with 200, as of a login page."""
    return Response(200, b"<!doctype html><html><body>Please log in.</body></html>", media_type="text/html")


async def broken_json(_: Request, __: Wire, ___: Response) -> Response:
    """JSON that breaks off."""
    return Response(200, b'{"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,')


async def no_choices(request: Request, _: Wire, __: Response) -> Response:
    """JSON without choices."""
    return other_body(request, {"id": "1", "object": "chat.completion", "model": "m"})


async def empty_choices(request: Request, _: Wire, __: Response) -> Response:
    """No choice in the list."""
    return other_body(request, {"id": "1", "object": "chat.completion", "model": "m", "choices": []})


async def choices_no_list(request: Request, _: Wire, __: Response) -> Response:
    """Choices that are an object."""
    return other_body(request, {"id": "1", "object": "chat.completion", "model": "m", "choices": {"text": "yes"}})


async def content_a_list(request: Request, _: Wire, __: Response) -> Response:
    """Content that is a list of numbers."""
    message = {"role": "assistant", "content": [1, 2]}
    choices = [{"index": 0, "message": message, "delta": message, "finish_reason": "stop"}]
    return other_body(request, {"id": "1", "object": "chat.completion", "model": "m", "choices": choices})


async def error_with_200(request: Request, _: Wire, __: Response) -> Response:
    """An error object under status 200, as some gateways send."""
    return other_body(request, {"error": {"message": "upstream failed", "code": 502}})


def other_body(request: Request, value: object) -> Response:
    """A JSON body, in a stream as its one event."""
    if isinstance(request.body, dict) and request.body.get("stream"):
        return Response(media_type=EVENTS, parts=streamed([event(value)]))  # type: ignore[arg-type]
    return json_response(value)


async def huge_body(_: Request, __: Wire, ___: Response) -> Response:
    """100 MB of JSON text."""

    async def parts() -> AsyncIterator[bytes]:
        yield b'{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"content":"'
        for _ in range(HUGE // 65536):
            yield b"x" * 65536
        yield b'"},"finish_reason":"stop"}]}'

    return Response(parts=parts())


async def gzip_bomb(_: Request, __: Wire, ___: Response) -> Response:
    """100 MB in 100 KB, although nobody said that compressed answers are welcome."""
    return Response(200, bomb(), {"content-encoding": "gzip"})


@lru_cache(maxsize=1)
def bomb() -> bytes:
    return gzip.compress(b" " * HUGE, compresslevel=1)


async def slow_loris(_: Request, wire: Wire, response: Response) -> None:
    """One byte a second."""
    body = response.body or b"data: {}\n\n" * 100
    wire.writer.write(wire.head(Response(200, media_type=response.media_type), len(body)))
    for at in range(len(body)):
        wire.writer.write(body[at : at + 1])
        await wire.writer.drain()
        await asyncio.sleep(PACE)
        if wire.gone:
            return


async def silence(_: Request, wire: Wire, __: Response) -> None:
    """No answer at all; the connection stays open."""
    await wire.departed()


async def endless(request: Request, wire: Wire, _: Response) -> None:
    """A stream that goes on for ever; without a stream, white space before the JSON."""
    streaming = isinstance(request.body, dict) and request.body.get("stream")
    media_type = EVENTS if streaming else "application/json"
    delta = {"choices": [{"index": 0, "delta": {"content": "and "}, "finish_reason": None}]}
    part = event({"id": "1", "object": "chat.completion.chunk", "model": "m", **delta}) if streaming else b" "
    wire.writer.write(wire.head(Response(200, media_type=media_type), None))
    while not wire.gone:
        await wire.send_chunk(part)
        await asyncio.sleep(0.02)


async def stream_breaks_off(request: Request, _: Wire, response: Response) -> Response:
    """A stream that ends in order, but without finish_reason and end mark; else finish_reason null."""
    body = b"".join([part async for part in response.parts]) if response.parts else response.body
    if response.parts is None:
        return Response(200, body.replace(b'"finish_reason":"stop"', b'"finish_reason":null'))
    events = [one + b"\n\n" for one in body.split(b"\n\n") if b'"finish_reason":"' not in one and b"[DONE]" not in one]
    return Response(media_type=EVENTS, parts=streamed(events[:-1], b": bye\n\n"))


async def reset(_: Request, wire: Wire, __: Response) -> None:
    """The connection is reset before any answer."""
    wire.cut()


async def reset_in_body(_: Request, wire: Wire, response: Response) -> None:
    """The connection is reset in the middle of the body."""
    body = response.body or b"".join([part async for part in response.parts or streamed([])])
    wire.writer.write(wire.head(Response(200, media_type=response.media_type), len(body)) + body[: len(body) // 2])
    await wire.writer.drain()
    await asyncio.sleep(0.02)
    wire.cut()


async def short_body(_: Request, wire: Wire, response: Response) -> None:
    """The connection ends before as many bytes as were promised."""
    body = response.body or b"data: {}\n\n"
    wire.writer.write(wire.head(Response(200, media_type=response.media_type), len(body) + 100) + body)
    await wire.writer.drain()


async def junk(_: Request, wire: Wire, __: Response) -> None:
    """Bytes that are no HTTP."""
    wire.writer.write(b"\x16\x03\x01\x00\x05 what?\r\n\r\n")
    await wire.writer.drain()


async def redirect(_: Request, __: Wire, ___: Response) -> Response:
    """A redirect to another host, which must not see the key."""
    return Response(307, b"", {"location": "http://127.0.0.1:9/v1/chat/completions"})
