"""Headers are added, and an answer's own ones stay."""

import asyncio
from typing import Any

from starlette.responses import Response

from raftune.web.headers import HEADERS, SafeHeaders


def headers_of(response: Response) -> dict[str, str]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(SafeHeaders(response)(scope, receive, send))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_headers_are_added() -> None:
    found = headers_of(Response("x"))
    assert {name.lower(): value for name, value in HEADERS.items()}.items() <= found.items()


def test_own_headers_stay() -> None:
    assert headers_of(Response("x", headers={"Cache-Control": "max-age=9"}))["cache-control"] == "max-age=9"
