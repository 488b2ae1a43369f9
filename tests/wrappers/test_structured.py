"""Replies that are none are told apart; one turn to correct, one with more room, and no third request."""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.errors import BadReply
from raftune.wrappers.structured import StructuredModel

SCHEMA = {"type": "object", "properties": {"items": {"type": "array"}}, "required": ["items"]}
GOOD = '{"items": [{"question": "How many ports?"}]}'


class Scripted:
    """Says what it is told to, and remembers what it was asked."""

    def __init__(self, *replies: tuple[str, str] | BadReply) -> None:
        self.replies = list(replies)
        self.requests: list[ChatRequest] = []

    async def complete(self, request: ChatRequest) -> ChatReply:
        self.requests.append(request)
        told = self.replies.pop(0)
        if isinstance(told, BadReply):
            raise told
        return ChatReply(text=told[0], finish_reason=told[1], prompt_tokens=1, completion_tokens=1)


def request(*, schema: bool = True, system: str = "Write items.") -> ChatRequest:
    messages = (ChatMessage(role="system", content=system), ChatMessage(role="user", content="Passage"))
    return ChatRequest(model="m", messages=messages, max_tokens=50, reply_schema=SCHEMA if schema else None)


def ask(model: Scripted, *, schema: bool = True, system: str = "Write items.") -> ChatReply:
    return asyncio.run(StructuredModel(model).complete(request(schema=schema, system=system)))


@pytest.mark.parametrize(
    "text",
    [GOOD, f"<think>Hm {{}}</think>\n```json\n{GOOD}\n```", '[{"question": "a"}]', '{"other": [{"question": "a"}]}',
     '{"reply": {"items": []}}'],
)  # fmt: skip
def test_what_a_recipe_may_read_passes_as_it_is(text: str) -> None:
    model = Scripted((text, "stop"))
    assert ask(model).text == text
    assert len(model.requests) == 1


@pytest.mark.parametrize("schema", [True, False])
@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        ("content_filter", "content filter"),
        ("refusal", "refusal"),
        ("empty", "empty reply"),
        ("tool call", "tool call"),
    ],
)
def test_a_reply_that_is_none_is_a_bad_reply(ending: str, reason: str, *, schema: bool) -> None:
    with pytest.raises(BadReply) as caught:
        ask(Scripted(("", ending)), schema=schema)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("text", "told"), [("The harbour.", "no JSON object"), ('{"ok": true}', "none of the fields items")]
)
def test_json_that_is_none_gets_one_turn_to_be_corrected(text: str, told: str) -> None:
    model = Scripted((text, "stop"), (GOOD, "stop"))
    assert ask(model).text == GOOD
    first, second = model.requests
    assert second.messages[:2] == first.messages
    assert [message.role for message in second.messages[2:]] == ["assistant", "user"]
    assert second.messages[2].content == text
    assert told in second.messages[3].content
    assert second.key != first.key


def test_the_correction_is_in_the_language_of_the_instructions() -> None:
    model = Scripted(("x", "stop"), (GOOD, "stop"))
    ask(model, system="항목을 쓰십시오.")
    assert "요청한 JSON" in model.requests[1].messages[3].content


def test_there_is_no_second_turn() -> None:
    model = Scripted(("x", "stop"), ("y", "stop"))
    assert ask(model).text == "y"
    assert model.replies == []


def test_a_refusal_in_words_is_not_argued_with() -> None:
    assert ask(Scripted(("I'm sorry, but I cannot help with this.", "stop"))).finish_reason == "stop"


def test_a_reply_that_was_cut_gets_twice_the_room_once() -> None:
    model = Scripted(('{"items": [', "length"), (GOOD, "stop"))
    assert ask(model).text == GOOD
    assert [one.max_tokens for one in model.requests] == [50, 100]
    assert ask(Scripted(("", "length"), ("", "length"))).finish_reason == "length"


def test_without_a_schema_a_cut_reply_stays_as_it_is() -> None:
    model = Scripted(("A long", "length"))
    assert ask(model, schema=False).finish_reason == "length"
    assert len(model.requests) == 1


@pytest.mark.parametrize("second", [BadReply("Too long.", "Use less.", "too long"), ("", "content_filter")])
def test_where_the_second_request_gives_nothing_the_first_reply_counts(second: BadReply | tuple[str, str]) -> None:
    assert ask(Scripted(("{", "length"), second)).finish_reason == "length"
    assert ask(Scripted(("x", "stop"), second)).text == "x"


TEXTS = st.sampled_from(["", "x", "{}", '{"a": 1}', GOOD])
ENDINGS = st.sampled_from(["stop", "length", "empty"])


@given(st.lists(st.tuples(TEXTS, ENDINGS), min_size=3, max_size=3))
def test_no_request_costs_more_than_three(replies: list[tuple[str, str]]) -> None:
    model = Scripted(*replies)
    with suppress(BadReply):
        ask(model)
    assert 1 <= len(model.requests) <= 3
    assert len({one.key for one in model.requests}) == len(model.requests)
