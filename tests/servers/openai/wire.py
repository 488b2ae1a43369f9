"""HTTP/1.1 on asyncio streams: requests read, responses written, connections kept alive, cut or reset."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

JSON = "application/json"
EVENTS = "text/event-stream"
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass
class Request:
    """A request; header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    raw: bytes
    number: int = 0

    @cached_property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path).rstrip("/")

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))

    @cached_property
    def body(self) -> Any:
        """The JSON in it; raises ValueError where there is none."""
        return json.loads(self.raw)


@dataclass
class Response:
    """A response: a whole body, or parts that are sent one by one."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = JSON
    parts: AsyncIterator[bytes] | None = None


def compact(value: Any) -> str:
    """JSON without white space."""
    return ENCODER.encode(value)


def packed(value: Any) -> bytes:
    """JSON as it is sent; half of a surrogate pair as an escape."""
    try:
        return compact(value).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def json_response(value: Any, status: int = 200, **headers: str) -> Response:
    """A response that holds a JSON value."""
    return Response(status, packed(value), headers)


def error_response(
    status: int, message: str, code: str | None = None, param: str | None = None, kind: str = "invalid_request_error"
) -> Response:
    """An error in OpenAI's shape."""
    return json_response({"error": {"message": message, "type": kind, "param": param, "code": code}}, status)


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @property
    def gone(self) -> bool:
        """Whether the client has left."""
        return self.writer.transport.is_closing() or self.reader.at_eof()

    async def departed(self) -> None:
        """Returns when the client has left; what it sends until then is thrown away."""
        with suppress(ConnectionError):
            while await self.reader.read(65536):
                pass

    async def read(self) -> Request | None:
        """The next request, or None at the end of the connection."""
        try:
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head[:-4].split("\r\n")
            method, target, _ = first.split(" ", 2)
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            if "chunked" in headers.get("transfer-encoding", ""):
                return Request(method, target, headers, await self.read_chunks())
            length = int(headers.get("content-length", 0))
            return Request(method, target, headers, await self.reader.readexactly(length) if length else b"")
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            return None

    async def read_chunks(self) -> bytes:
        parts = []
        while size := int((await self.reader.readline()).split(b";")[0], 16):
            parts.append((await self.reader.readexactly(size + 2))[:-2])
        await self.reader.readline()
        return b"".join(parts)

    def head(self, response: Response, length: int | None) -> bytes:
        """The head of a response; without a length the body comes in chunks."""
        size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
        lines = [
            f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}",
            f"Content-Type: {response.media_type}",
            size,
            *(f"{name}: {value}" for name, value in response.headers.items()),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    async def send(self, response: Response) -> None:
        """Writes a response."""
        if response.parts is None:
            self.writer.write(self.head(response, len(response.body)) + response.body)
            await self.writer.drain()
            return
        self.writer.write(self.head(response, None))
        async for part in response.parts:
            await self.send_chunk(part)
        await self.send_chunk(b"")

    async def send_chunk(self, data: bytes) -> None:
        self.writer.write(b"%x\r\n%b\r\n" % (len(data), data))
        await self.writer.drain()

    def cut(self) -> None:
        """Closes at once, by a reset: no FIN that might pass for the end of a body."""
        connected = self.writer.get_extra_info("socket")
        if connected is not None:
            with suppress(OSError):
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Handler = Callable[[Request, Wire], Awaitable[Response | None]]


async def converse(wire: Wire, handle: Handler) -> None:
    """Answers the requests of a connection, one after the other, until either side has enough.

    A handler that gives None has written to the wire itself, and the connection is over.
    """
    try:
        while (request := await wire.read()) is not None:
            response = await handle(request, wire)
            if response is None:
                return
            await wire.send(response)
            if request.headers.get("connection", "").lower() == "close":
                return
    except ConnectionError:
        pass
    finally:
        wire.writer.close()
