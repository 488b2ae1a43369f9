"""Listens for requests: connections are bounded in number, and each in the time that the head of a request takes.

The server library waits for a request for ever; here a connection is closed that does not bring one in time.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from raftune.serve_config import ServeConfig
from raftune.serving.refusals import Refusal

LARGEST_HEAD = 64 * 1024
LINGER = 5.0  # seconds in which the rest of a body is read and thrown away, so that the client reads why it was refused
IDLE = 30  # seconds that a connection may rest between two requests


class BoundedProtocol(H11Protocol):
    """A connection that has to bring a whole head within `header_seconds`, again and again."""

    header_seconds = 10.0
    most_connections = 512
    waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client came."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            transport.write(plain_refusal(Refusal(503, "Too many connections are open.")))
            transport.close()
            return
        self.wait(self.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """A client left."""
        self.wait(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes came: of a head, which has to be whole in time, or of a body, which has a clock of its own."""
        if self.between() and self.waiting is None:
            self.wait(self.header_seconds)
        super().data_received(data)
        if not self.between():
            self.wait(None)

    def on_response_complete(self) -> None:
        """An answer was sent. What still comes of a request that was not read to its end is thrown away for a while."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self.wait(LINGER)

    def between(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def wait(self, seconds: float | None) -> None:
        """Closes the connection after that time; None: not any more."""
        if self.waiting is not None:
            self.waiting.cancel()
        self.waiting = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        """The answer to what is no HTTP."""
        self.transport.write(plain_refusal(Refusal(400, msg)))
        self.transport.close()


def plain_refusal(refusal: Refusal) -> bytes:
    """A refusal as it goes over the line, for what never came to the application."""
    body = json.dumps(refusal.body()).encode()
    reason = {400: "Bad Request", 503: "Service Unavailable"}[refusal.status_code]
    head = f"HTTP/1.1 {refusal.status_code} {reason}\r\ncontent-type: application/json\r\nconnection: close\r\n"
    return head.encode() + f"content-length: {len(body)}\r\n\r\n".encode() + body


class Listener(uvicorn.Server):
    """The server; `began` is called once it answers."""

    began: Callable[[], None] = staticmethod(lambda: None)

    async def startup(self, sockets: Any = None) -> None:
        """Listens."""
        await super().startup(sockets)
        if self.started:
            self.began()


def listener(app: Any, config: ServeConfig) -> Listener:
    """A server for an application; `run()` serves until it is told to stop, and lets answers end that were begun."""
    limits = {"header_seconds": config.header_seconds, "most_connections": config.connections}
    return Listener(
        uvicorn.Config(
            app,
            host=config.host,
            port=config.port,
            http=type("Protocol", (BoundedProtocol,), limits),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=IDLE,
            timeout_graceful_shutdown=max(1, round(config.drain_seconds)),
            h11_max_incomplete_event_size=LARGEST_HEAD,
        )
    )
