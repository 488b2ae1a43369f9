"""Parts are sent when they change, and the last one ends it."""

import asyncio
import json
from typing import Any

from raftune.web.events import changes, event


class Browser:
    """A request whose browser leaves after so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    async def is_disconnected(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def sent(drawn: list[tuple[str, bool]], looks: int = 99) -> list[str]:
    parts = iter(drawn)

    async def collect() -> list[str]:
        browser: Any = Browser(looks)
        return [one async for one in changes(browser, lambda: next(parts), 0.0)]

    return asyncio.run(collect())


def test_only_changes_are_sent() -> None:
    found = sent([("a", False), ("a", False), ("b\n</b>", False), ("b\n</b>", True)])
    assert found == [event("html", "a"), event("html", "b\n</b>"), event("end", "")]


def test_a_browser_that_left_is_sent_nothing() -> None:
    assert sent([("a", False)] * 9, looks=0) == []


def test_an_event_is_one_line_of_data() -> None:
    text = event("html", "부두\n\ndata: x")
    assert text.count("\n") == 3
    assert json.loads(text.split("data: ", 1)[1]) == "부두\n\ndata: x"
