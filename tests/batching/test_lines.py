import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.batching.lines import Place, line_of, outcome_of, parsed, refused_for
from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.endpoints.chat_wire import Capability
from raftune.errors import BadReply, ProviderError, QueueFull, RateLimited, Unavailable

PLACE = Place("api.example.com", "the key in EXAMPLE_KEY")
KNOWN = Capability()
REQUEST = ChatRequest(
    model="m", messages=(ChatMessage(role="user", content="Hi"),), max_tokens=5, reply_schema={"type": "object"}
)


def outcome(status: int, body: object, request: ChatRequest | None = REQUEST) -> ChatReply | ProviderError:
    return outcome_of(status, body, request, KNOWN, PLACE, alone=False)[0]


def refused(message: str = "", **error: str) -> dict[str, object]:
    return {"error": {"message": message, **error}}


@given(st.text(st.characters()))
def test_a_request_stays_on_one_line_whatever_its_text(text: str) -> None:
    request = ChatRequest(model="m", messages=(ChatMessage(role="user", content=text),), max_tokens=5)
    line = line_of("one", request, KNOWN, "/v1/chat/completions")
    assert line.count(b"\n") == 1
    row = json.loads(line)
    assert row["custom_id"] == "one"
    assert row["url"] == "/v1/chat/completions"
    assert row["body"]["messages"] == [{"role": "user", "content": text}]


@given(st.binary())
def test_a_damaged_line_is_none(data: bytes) -> None:
    try:
        whole = isinstance(json.loads(data), dict)
    except ValueError:
        whole = False
    assert whole or parsed(data) is None


def test_lines_that_came_back_are_told_apart() -> None:
    done = {"custom_id": "a", "response": {"status_code": 200, "body": {"choices": []}}, "error": None}
    left = {"custom_id": "b", "response": None, "error": {"code": "batch_expired"}}
    assert parsed(json.dumps(done).encode()) == ("a", 200, {"choices": []})
    assert parsed(json.dumps(left).encode()) == ("b", 0, {"code": "batch_expired"})
    assert parsed(b'{"custom_id": 7}') is None


def test_a_reply_is_read() -> None:
    choice = {"message": {"content": "Hello"}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 3, "completion_tokens": 1}
    reply = outcome(200, {"choices": [choice], "usage": usage})
    assert reply == ChatReply(text="Hello", finish_reason="stop", prompt_tokens=3, completion_tokens=1)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, {"nothing": 1}, Unavailable),
        (0, {"code": "batch_expired"}, Unavailable),
        (500, refused("Oh"), Unavailable),
        (503, "<html>", Unavailable),
        (429, refused("Slowly", code="rate_limit_exceeded"), RateLimited),
        (400, refused("context length exceeded", code="context_length_exceeded"), BadReply),
        (400, refused("Invalid image", code="invalid_image", param="messages"), BadReply),
        (413, refused("Too large"), BadReply),
    ],
)
def test_errors_of_a_row_are_sent_again_or_rejected(status: int, body: object, kind: type[ProviderError]) -> None:
    assert type(outcome(status, body)) is kind


@pytest.mark.parametrize(
    ("status", "code"), [(401, "invalid_api_key"), (404, "model_not_found"), (429, "insufficient_quota")]
)
def test_what_is_wrong_for_all_ends_all(status: int, code: str) -> None:
    assert type(outcome(status, refused("No sk-12345678", code=code))) is ProviderError


def test_a_filtered_request_is_a_reply_without_text() -> None:
    reply = outcome(400, refused("Filtered", code="content_filter"))
    assert isinstance(reply, ChatReply)
    assert reply.finish_reason == "content_filter"


def test_a_refused_form_is_left_and_the_request_may_be_sent_again() -> None:
    body = refused("response_format json_schema is not supported", param="response_format")
    error, left = outcome_of(400, body, REQUEST, KNOWN, PLACE, alone=False)
    assert isinstance(error, Unavailable)
    assert left is not None
    assert left.way == "tool"


def test_a_form_by_which_others_were_answered_is_not_left() -> None:
    error, left = outcome_of(400, refused("Invalid schema"), REQUEST, KNOWN, PLACE, alone=True)
    assert isinstance(error, BadReply)
    assert left is None


def test_a_queue_without_room_says_how_many_tokens_it_takes() -> None:
    words = "Enqueued token limit reached for m in organization o. Limit: 2,000,000 enqueued tokens. Please wait."
    full = refused_for([{"code": "token_limit_exceeded", "message": words}], PLACE)
    assert isinstance(full, QueueFull)
    assert full.tokens == 2_000_000
    without = refused_for([{"code": "token_limit_exceeded", "message": "Too much"}], PLACE)
    assert isinstance(without, QueueFull)
    assert without.tokens is None


def test_another_refusal_ends_all_and_says_which_line() -> None:
    error = refused_for([{"code": "invalid_json_line", "message": "This line is wrong.", "line": 3}], PLACE)
    assert not isinstance(error, Unavailable)
    assert "line 3" in error.message
    assert "does not say why" in refused_for([], PLACE).message
