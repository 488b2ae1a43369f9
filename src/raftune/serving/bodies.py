"""Bodies of requests are bounded in bytes and in time, with and without a Content-Length."""

from asyncio import get_running_loop, timeout_at
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from raftune.serving.refusals import Refusal

UPLOADS = "/v1/files"
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class BodyLimit:
    """Refuses a body that is too large (413) or comes too slowly (408); uploads of files have a limit of their own."""

    app: ASGIApp
    megabytes: float
    file_megabytes: float
    seconds: float
    uploads: str = UPLOADS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on; what it reads is counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = int(MEGABYTE * (self.file_megabytes if scope["path"].rstrip("/") == self.uploads else self.megabytes))
        said = Headers(scope=scope).get("content-length", "")
        if said.isdigit() and int(said) > most:
            await too_large(most).response()(scope, receive, send)
            return
        await self.app(scope, Counting(receive, most, self.seconds).receive, send)


@dataclass
class Counting:
    """What comes in of one request."""

    inner: Receive
    most: int
    seconds: float
    size: int = 0
    whole: bool = False
    begun: float = 0.0

    async def receive(self) -> Message:
        """The next part of the body. Raises Refusal where it is one too many, or late."""
        if self.whole:
            return await self.inner()
        message = await self.in_time()
        self.size += len(message.get("body", b""))
        if self.size > self.most:
            raise too_large(self.most)
        self.whole = not message.get("more_body", False)
        return message

    async def in_time(self) -> Message:
        """The next message; the clock runs from the first, and a megabyte that has come gives a second more."""
        self.begun = self.begun or get_running_loop().time()
        try:
            async with timeout_at(self.begun + self.seconds + self.size / MEGABYTE):
                return await self.inner()
        except TimeoutError:
            raise Refusal(408, "The body came too slowly.") from None


def too_large(most: int) -> Refusal:
    """What is told about a body that is too large."""
    return Refusal(413, f"The body is larger than {most:,} bytes.")
