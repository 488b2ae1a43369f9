"""The counting of a body, part by part. What clients see of it is in test_listening."""

import asyncio
from typing import Any

import pytest

from raftune.serving.bodies import BodyLimit, Counting
from raftune.serving.refusals import Refusal


def reading(parts: list[bytes], most: int, seconds: float = 5, delay: float = 0) -> bytes:
    """What can be read of a body."""
    left = list(parts)

    async def inner() -> dict[str, Any]:
        await asyncio.sleep(delay)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def whole() -> bytes:
        counting, body = Counting(inner, most, seconds), b""
        while not counting.whole:
            body += (await counting.receive())["body"]
        return body

    return asyncio.run(whole())


def test_a_body_may_be_as_large_as_the_limit() -> None:
    assert reading([b"abc", b"de"], 5) == b"abcde"
    with pytest.raises(Refusal) as caught:
        reading([b"abc", b"def"], 5)
    assert caught.value.status_code == 413


def test_the_time_is_that_of_the_whole_body() -> None:
    assert reading([b"a"] * 4, 10, seconds=1, delay=0.05) == b"aaaa"
    with pytest.raises(Refusal) as caught:
        reading([b"a"] * 4, 10, seconds=0.12, delay=0.05)
    assert caught.value.status_code == 408


@pytest.mark.parametrize(("path", "passes"), [("/v1/files", True), ("/v1/files/", True), ("/v1/models", False)])
def test_uploads_have_a_limit_of_their_own(path: str, *, passes: bool) -> None:
    seen: list[Any] = []

    async def app(*_: Any) -> None:
        seen.append("app")

    async def send(message: Any) -> None:
        seen.append(message.get("status"))

    scope = {"type": "http", "path": path, "headers": [(b"content-length", b"3000000")]}
    asyncio.run(BodyLimit(app, 1, 4, 1)(scope, app, send))  # type: ignore[arg-type]
    assert seen[0] == ("app" if passes else 413)
