"""A stream of events on a made-up connection: its last words, and a client that stops reading."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from raftune.errors import ProviderError
from raftune.serving.event_stream import EventStream, event_of


class Line:
    """A connection that takes `most` messages and then no more."""

    def __init__(self, most: int = 100) -> None:
        self.most = most
        self.sent: list[Any] = []

    async def send(self, message: Any) -> None:
        if len(self.sent) >= self.most:
            await asyncio.Event().wait()
        self.sent.append(message)

    async def receive(self) -> Any:
        await asyncio.Event().wait()

    def events(self) -> list[str]:
        return [message["body"].decode() for message in self.sent[1:]]


async def numbers(ended: list[bool], failure: Exception | None = None) -> AsyncIterator[dict[str, Any]]:
    try:
        for number in range(3):
            yield {"number": number}
            await asyncio.sleep(0.01)
        if failure:
            raise failure
    finally:
        ended.append(True)


def run(line: Line, failure: Exception | None = None, seconds: float = 5) -> tuple[dict[str, Any], list[bool]]:
    ended: list[bool] = []
    scope: dict[str, Any] = {"type": "http", "state": {}}

    async def answer() -> None:
        stream = EventStream(numbers(ended, failure), asyncio.get_running_loop().time() + seconds)
        await stream(scope, line.receive, line.send)

    asyncio.run(answer())
    return scope["state"], ended


def test_events() -> None:
    line = Line()
    assert run(line) == ({}, [True])
    assert line.events() == [
        'data: {"number":0}\n\n',
        'data: {"number":1}\n\n',
        'data: {"number":2}\n\n',
        "data: [DONE]\n\n",
    ]
    assert not line.sent[-1]["more_body"]


def test_an_error_is_the_last_event() -> None:
    line = Line()
    state, ended = run(line, ProviderError("Broken.", "Mend it."))
    assert (state["failed"], ended) == ("model_failed", [True])
    assert json.loads(line.events()[-1][6:])["error"]["code"] == "model_failed"
    assert "[DONE]" not in "".join(line.events())


def test_what_nobody_expected_is_told_and_raised() -> None:
    line = Line()
    with pytest.raises(ValueError, match="secret"):
        run(line, ValueError("secret"))
    assert "secret" not in line.events()[-1]
    assert json.loads(line.events()[-1][6:])["error"]["code"] == "server_error"


def test_a_client_that_does_not_read_holds_nothing_for_long() -> None:
    ended: list[bool] = []

    async def answer() -> None:
        stream = EventStream(numbers(ended), asyncio.get_running_loop().time() + 0.05)
        await stream({"type": "http", "state": {}}, Line().receive, Line(most=2).send)

    with pytest.raises(TimeoutError):
        asyncio.run(answer())
    assert ended == [True]


def test_line_feeds_do_not_cut_events() -> None:
    event = event_of({"text": "a\n\ndata: b\r\u2028한"}).decode()
    assert event.count("\n") == 2
    assert json.loads(event[6:])["text"] == "a\n\ndata: b\r\u2028한"
