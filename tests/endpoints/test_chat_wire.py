"""What is sent by what an endpoint takes, what is tried next after a refusal, and what is read out of a completion."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.contracts import ChatMessage, ChatRequest
from raftune.endpoints.chat_wire import (
    OPTIONAL,
    TOOL,
    WAYS,
    Capability,
    arguments_of,
    capability_of,
    lesser,
    remember_capability,
    reply_of,
)
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import Unavailable

ITEM = {"type": "string", "minLength": 1, "maxLength": 9}
SCHEMA = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": ITEM, "minItems": 2}, "pattern": {"type": "string"}},
    "required": ["items", "pattern"],
}
CAPABILITIES = st.builds(Capability, st.sampled_from(WAYS), st.frozensets(st.sampled_from(OPTIONAL)))


@dataclass
class Refusal:
    """The SDK's error, as far as it is looked at."""

    message: str
    param: str | None = None
    code: str | None = None
    status_code: int = 400
    type: str | None = None
    body: Any = None


def request(*, schema: bool = True) -> ChatRequest:
    messages = (ChatMessage(role="system", content="Be short."), ChatMessage(role="user", content="How many ports?"))
    return ChatRequest(model="m", messages=messages, max_tokens=50, reply_schema=SCHEMA if schema else None)


def call(name: str, arguments: Any) -> dict[str, Any]:
    return {"content": None, "tool_calls": [{"function": {"name": name, "arguments": arguments}}]}


def completion(message: Any, reason: Any = "stop", **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": message, "finish_reason": reason}], **more}


def test_a_schema_is_sent_strict_and_whole() -> None:
    body = arguments_of(request(), Capability())
    assert body["response_format"]["json_schema"] == {"name": TOOL, "strict": True, "schema": SCHEMA}
    assert (body["max_tokens"], body["temperature"], body["seed"]) == (50, 0.0, 0)
    assert "response_format" not in arguments_of(request(schema=False), Capability())


def test_a_bare_schema_has_no_bounds_but_keeps_fields_of_their_names() -> None:
    sent = arguments_of(request(), Capability("bare schema"))["response_format"]["json_schema"]["schema"]
    assert sent["properties"] == {
        "items": {"type": "array", "items": {"type": "string"}},
        "pattern": {"type": "string"},
    }
    assert "minItems" in SCHEMA["properties"]["items"]  # type: ignore[index]


def test_a_tool_stands_for_the_schema_and_must_be_called() -> None:
    body = arguments_of(request(), Capability("tool"))
    assert body["tools"][0]["function"] == {"name": TOOL, "parameters": SCHEMA}
    assert body["tool_choice"]["function"]["name"] == TOOL
    assert "response_format" not in body


@pytest.mark.parametrize(("way", "mode"), [("JSON mode", {"type": "json_object"}), ("words", None)])
def test_at_last_the_schema_is_put_into_words(way: Any, mode: Any) -> None:
    body = arguments_of(request(), Capability(way))
    assert body.get("response_format") == mode
    assert body["messages"][0]["content"].startswith("Be short.\n\n")
    assert '"minItems": 2' in body["messages"][0]["content"]


def test_newer_models_have_another_name_for_the_room() -> None:
    body = arguments_of(request(), Capability(refused=frozenset({"max_tokens", "temperature", "seed"})))
    assert body["max_completion_tokens"] == 50
    assert not {"max_tokens", "temperature", "seed"} & set(body)


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (Refusal("response_format json_schema is not supported", "response_format"), Capability("tool")),
        (
            Refusal("Invalid schema for response_format 'reply': 'minLength' is not permitted."),
            Capability("bare schema"),
        ),
        (Refusal("failed to parse grammar"), Capability("tool")),
        (Refusal("Bad request."), Capability("tool")),
        (Refusal("Unsupported parameter: 'max_tokens'", "max_tokens"), Capability(refused=frozenset({"max_tokens"}))),
        (Refusal("'temperature' is odd", code="unsupported_value"), Capability(refused=frozenset({"temperature"}))),
        (Refusal("max_tokens is too large: 9000. This model supports at most 4096.", "max_tokens"), None),
        (Refusal("flagged", code="content_filter"), None),
        (Refusal("maximum context length is 8192 tokens"), None),
        (Refusal("Invalid image", "messages"), None),
        (Refusal("oops", status_code=500), None),
    ],
)
def test_a_refusal_says_what_is_left_to_try(refusal: Refusal, expected: Capability | None) -> None:
    assert lesser(Capability(), refusal, request()) == expected


def test_without_a_schema_nothing_is_blamed_on_it() -> None:
    assert lesser(Capability(), Refusal("Bad request."), request(schema=False)) is None


@given(
    st.lists(st.sampled_from(["response_format", "tools", "grammar minItems", "", "seed", "max_tokens"]), min_size=20)
)
def test_no_endpoint_keeps_one_asking_for_ever(refusals: list[str]) -> None:
    capability: Capability | None = Capability()
    tried = []
    for words in refusals:
        known = next((name for name in OPTIONAL if name == words), None)
        assert capability is not None
        assert capability not in tried
        tried.append(capability)
        capability = lesser(capability, Refusal(words, known), request())
        if capability is None:
            break
    assert len(tried) <= len(WAYS) + len(OPTIONAL)


@given(CAPABILITIES, CAPABILITIES)
def test_what_two_requests_found_out_is_joined_in_any_order(one: Capability, other: Capability) -> None:
    assert one.joined(other) == other.joined(one)
    memory = EndpointMemory(None)
    for found in (one, other, one):
        remember_capability(memory, "host", "m", found)
    assert capability_of(memory, "host", "m") == one.joined(other)
    assert capability_of(memory, "host", "n") == Capability()


def test_a_foreign_memory_is_no_crash() -> None:
    memory = EndpointMemory(None)
    memory.remember("host m takes", {"way": "by mail", "refused": 3})
    assert capability_of(memory, "host", "m") == Capability()


def test_a_reply_has_text_ending_and_tokens() -> None:
    usage = {"prompt_tokens": 11, "completion_tokens": 7}
    reply = reply_of(completion({"content": "73 \ud83d"}, usage=usage), schema=False)
    assert (reply.text, reply.finish_reason, reply.prompt_tokens, reply.completion_tokens) == ("73 ?", "stop", 11, 7)
    parts = [{"type": "text", "text": "73 "}, {"type": "text", "text": "ports"}]
    assert reply_of(completion({"content": parts}), schema=False).text == "73 ports"


@pytest.mark.parametrize(
    ("message", "reason", "text", "ending"),
    [
        ({"content": ""}, "stop", "", "empty"),
        ({"content": None}, "stop", "", "empty"),
        ({"content": " \n"}, "eos_token", " \n", "empty"),
        ({"content": ""}, "length", "", "length"),
        ({"content": "x"}, "model_length", "x", "length"),
        ({"content": "x"}, "content_filter", "x", "content_filter"),
        ({"content": None, "refusal": "I'm sorry"}, "stop", "", "refusal"),
        ({"content": "x", "tool_calls": [{"function": {"name": "search"}}]}, "tool_calls", "x", "stop"),
        (call("search", "{}"), "tool_calls", "", "tool call"),
        ({"content": None, "tool_calls": [3]}, "tool_calls", "", "tool call"),
        (call(TOOL, '{"a":1}'), "tool_calls", '{"a":1}', "stop"),
        (call(TOOL, {"a": 1}), "stop", '{"a": 1}', "stop"),
        (call(TOOL, '{"a'), "length", '{"a', "length"),
    ],
)  # fmt: skip
def test_each_ending_has_its_name(message: Any, reason: str, text: str, ending: str) -> None:
    reply = reply_of(completion(message, reason), schema=True)
    assert (reply.text, reply.finish_reason) == (text, ending)


def test_a_tool_that_stands_for_no_schema_is_none() -> None:
    assert reply_of(completion(call(TOOL, "{}")), schema=False).finish_reason == "tool call"


@pytest.mark.parametrize(
    "body",
    [
        None, [], "text", {}, {"choices": []}, {"choices": {"text": "yes"}}, {"choices": [{"message": None}]},
        completion({"content": [1, 2]}), completion({"content": 3}), completion({"content": "x"}, None),
        completion({"content": "x"}, usage=3), completion({"content": "x"}, usage={"prompt_tokens": "many"}),
    ],
)  # fmt: skip
def test_what_is_no_completion_is_told_and_may_be_asked_for_again(body: Any) -> None:
    with pytest.raises(Unavailable, match="no chat completion") as caught:
        reply_of(body, schema=False)
    assert caught.value.reason == "no completion"


def test_an_error_under_status_200_is_passed_on() -> None:
    with pytest.raises(Unavailable, match="upstream failed"):
        reply_of({"error": {"message": "upstream failed", "code": 502}}, schema=False)
