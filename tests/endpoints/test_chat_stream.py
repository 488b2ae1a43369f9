"""Pieces make the completion that would have come whole."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.endpoints import chat_stream
from raftune.endpoints.chat_stream import gathered
from raftune.endpoints.chat_wire import reply_of
from raftune.errors import Unavailable

END = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
USAGE = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2}, "model": "m"}


def piece(**delta: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


def whole(*pieces: Any, pause: float = 0.0) -> Any:
    async def come() -> AsyncIterator[Any]:
        for one in pieces:
            yield one
            await asyncio.sleep(pause)

    return asyncio.run(gathered(come()))


@given(st.lists(st.text()))
def test_the_text_is_that_of_all_pieces(texts: list[str]) -> None:
    found = whole(piece(role="assistant"), *(piece(content=text) for text in texts), END, USAGE)
    assert found["choices"][0] == {"message": {"content": "".join(texts), "refusal": ""}, "finish_reason": "stop"}
    assert (found["usage"]["prompt_tokens"], found["model"]) == (5, "m")


def test_a_tool_call_comes_in_pieces_too() -> None:
    first = piece(tool_calls=[{"index": 0, "function": {"name": "reply", "arguments": '{"a'}}])
    found = whole(first, piece(tool_calls=[{"index": 0, "function": {"arguments": '":1}'}}]), END)
    assert reply_of(found, schema=True).text == '{"a":1}'


def test_a_refusal_is_one() -> None:
    assert reply_of(whole(piece(refusal="I'm "), piece(refusal="sorry"), END), schema=False).finish_reason == "refusal"


@pytest.mark.parametrize(
    "pieces",
    [
        [], [piece(content="73")], [None], [[]], ["text"], [{}], [{"choices": {"text": "yes"}}], [{"choices": [3]}],
        [piece(content=[1]), END], [piece(content=3), END], [piece(tool_calls=[3]), END], [{"error": "oops"}],
    ],
)  # fmt: skip
def test_a_stream_without_an_end_or_of_another_shape_is_no_completion(pieces: list[Any]) -> None:
    with pytest.raises(Unavailable) as caught:
        whole(*pieces)
    assert caught.value.reason == "no completion"


def test_silence_in_the_middle_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_stream, "IDLE_SECONDS", 0.01)
    with pytest.raises(TimeoutError):
        whole(piece(content="73"), END, pause=5.0)
