"""A line in the log and figures for each request. No text of a request or an answer is written down."""

import logging
from dataclasses import dataclass, field
from secrets import token_hex
from time import monotonic
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from raftune.serving.measures import Measures
from raftune.serving.refusals import LEFT, refusal_of

log = logging.getLogger("raftune.serving.requests")


@dataclass(frozen=True)
class Recorder:
    """The outermost layer: what nobody expected ends here, as an answer that tells nothing of it."""

    app: ASGIApp
    measures: Measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on and writes down what became of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = Answer(send)
        scope.setdefault("state", {})
        with self.measures.in_flight.track_inprogress():
            try:
                await self.app(scope, receive, answer.send)
            except Exception as error:
                answer.failure = type(error).__name__
                if not answer.status:
                    await refusal_of(error).response()(scope, receive, answer.send)
                raise
            finally:
                self.note(scope, answer)

    def note(self, scope: Scope, answer: "Answer") -> None:
        """Counts and logs a request."""
        seconds = monotonic() - answer.begun
        route = getattr(scope.get("route"), "path", "none")
        status = LEFT if scope["state"].get("gone") else answer.status or LEFT
        self.measures.requests.labels(route, status).inc()
        self.measures.seconds.labels(route).observe(seconds)
        fields: dict[str, Any] = {"request": answer.id, "method": scope["method"], "route": route}
        fields |= {"status": status, "seconds": round(seconds, 4), "client": scope["state"].get("client", "")}
        fields |= scope["state"].get("noted", {})
        if failure := answer.failure or scope["state"].get("failed"):
            fields["failure"] = failure
        log.log(logging.ERROR if status >= 500 else logging.INFO, "request", extra={"fields": fields})


@dataclass
class Answer:
    """What was sent of an answer so far; it gets an id by which it is found in the log."""

    inner: Send
    id: str = field(default_factory=lambda: f"req_{token_hex(12)}")
    begun: float = field(default_factory=monotonic)
    status: int = 0
    failure: str = ""

    async def send(self, message: Message) -> None:
        """Sends a part."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", []), (b"x-request-id", self.id.encode())]
        await self.inner(message)
