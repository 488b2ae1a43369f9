import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.errors import BadReply, ConfigError, ProviderError, Unavailable
from raftune.ledger import Ledger
from raftune.providers.openai import OpenAIModel, plug
from raftune.wrappers.cached import CachedModel
from raftune.wrappers.retried import RetriedModel
from tests.chat_server import ChatServer, Fault, chat_server, error, pictures_of

KEY = "sk-secret-1234567890"
SCHEMA = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", KEY)


def request(*, schema: bool = False, text: str = "How many ports?") -> ChatRequest:
    messages = (ChatMessage(role="system", content="Be short."), ChatMessage(role="user", content=text))
    return ChatRequest(model="m", messages=messages, max_tokens=50, reply_schema=SCHEMA if schema else None)


def ask(model: OpenAIModel, *requests: ChatRequest) -> list[ChatReply]:
    async def all_of_them() -> list[ChatReply]:
        try:
            return [await model.complete(one) for one in requests]
        finally:
            model.close()
            await asyncio.sleep(0.01)

    return asyncio.run(all_of_them())


def fault_of(server: ChatServer, *faults: Fault) -> ProviderError:
    server.faults = list(faults)
    with pytest.raises(ProviderError) as caught:
        ask(plug(server.url, "TEST_KEY"), request())
    assert KEY not in str(caught.value)
    assert caught.value.advice
    return caught.value


def test_a_reply_carries_text_tokens_and_finish_reason(server: ChatServer) -> None:
    [reply] = ask(plug(server.url, "TEST_KEY"), request())
    assert reply == ChatReply(text=server.text, finish_reason="stop", prompt_tokens=11, completion_tokens=7)
    assert server.keys == [f"Bearer {KEY}"]
    assert server.requests[0]["max_tokens"] == 50
    assert server.requests[0]["temperature"] == 0.0
    assert "response_format" not in server.requests[0]


def test_pictures_follow_the_text_as_parts(server: ChatServer) -> None:
    url = "data:image/png;base64,AA=="
    messages = (ChatMessage(role="system", content="Look."), ChatMessage(role="user", content="Hint", images=(url,)))
    ask(plug(server.url, "TEST_KEY"), ChatRequest(model="m", messages=messages, max_tokens=50))
    system, user = server.requests[0]["messages"]
    assert system == {"role": "system", "content": "Look."}
    assert user["content"] == [{"type": "text", "text": "Hint"}, {"type": "image_url", "image_url": {"url": url}}]
    assert pictures_of(server.requests[0]) == [url]


def test_half_a_surrogate_pair_does_not_reach_the_ledger(server: ChatServer) -> None:
    server.text = "73 \ud83d ports"
    assert ask(plug(server.url, "TEST_KEY"), request())[0].text == "73 ? ports"


def test_a_reply_that_was_cut_says_so(server: ChatServer) -> None:
    server.finish_reason = "length"
    assert ask(plug(server.url, "TEST_KEY"), request())[0].finish_reason == "length"


def test_a_schema_is_sent_strict(server: ChatServer) -> None:
    ask(plug(server.url, "TEST_KEY"), request(schema=True))
    sent = server.requests[0]["response_format"]
    assert sent["type"] == "json_schema"
    assert sent["json_schema"]["strict"] is True
    assert sent["json_schema"]["schema"] == SCHEMA


def test_a_server_without_schemas_is_prompted_and_remembered(server: ChatServer) -> None:
    server.refuses = frozenset({"response_format"})
    replies = ask(plug(server.url, "TEST_KEY"), request(schema=True), request(schema=True, text="And ships?"))
    assert [reply.text for reply in replies] == [server.text, server.text]
    assert ["response_format" in sent for sent in server.requests] == [True, False, False]
    assert '"required": ["answer"]' in server.requests[1]["messages"][0]["content"]
    assert server.requests[1]["messages"][0]["content"].startswith("Be short.")


def test_a_400_without_a_cause_is_blamed_on_the_schema_once(server: ChatServer) -> None:
    server.faults = [error(400, "bad request"), error(400, "bad request")]
    with pytest.raises(ProviderError, match="status 400"):
        ask(plug(server.url, "TEST_KEY"), request(schema=True))
    assert len(server.requests) == 2


def test_parameters_of_newer_models_are_found_out(server: ChatServer) -> None:
    server.refuses = frozenset({"max_tokens", "temperature"})
    ask(plug(server.url, "TEST_KEY"), request(), request(text="And ships?"))
    assert server.requests[-1]["max_completion_tokens"] == 50
    assert "temperature" not in server.requests[-1]
    assert len(server.requests) == 4


def test_a_refused_key_is_final_and_not_quoted(server: ChatServer) -> None:
    fault = fault_of(server, error(401, f"Incorrect API key provided: {KEY}"))
    assert not isinstance(fault, (Unavailable, BadReply))
    assert "TEST_KEY" in fault.advice


def test_an_unknown_model_is_final(server: ChatServer) -> None:
    fault = fault_of(server, error(404, "no such model"))
    assert "does not know the model m" in fault.message
    assert not isinstance(fault, Unavailable)


def test_a_used_up_quota_is_final(server: ChatServer) -> None:
    assert not isinstance(fault_of(server, error(429, "quota", code="insufficient_quota")), Unavailable)


def test_too_many_requests_say_how_long_to_wait(server: ChatServer) -> None:
    fault = fault_of(server, error(429, "slow down", retry_after="7"))
    assert isinstance(fault, Unavailable)
    assert fault.retry_after == 7.0


@pytest.mark.parametrize("value", ["nonsense", "-3", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_strange_retry_after_counts_as_not_said(server: ChatServer, value: str) -> None:
    fault = fault_of(server, error(429, "slow down", retry_after=value))
    assert isinstance(fault, Unavailable)
    assert fault.retry_after is None


def test_a_server_error_can_be_retried(server: ChatServer) -> None:
    assert isinstance(fault_of(server, error(500, "oops")), Unavailable)


def test_a_server_that_heals_answers_behind_retries(server: ChatServer) -> None:
    server.faults = [error(500, "oops"), error(429, "slow down", retry_after="0.01")]
    model = plug(server.url, "TEST_KEY")

    async def go() -> ChatReply:
        reply = await RetriedModel(model, first=0.01).complete(request())
        model.close()
        await asyncio.sleep(0.01)
        return reply

    assert asyncio.run(go()).text == server.text
    assert len(server.requests) == 3


def test_a_timeout_can_be_retried(server: ChatServer) -> None:
    server.delay = 5.0
    with pytest.raises(Unavailable, match=r"within 0\.1 seconds"):
        ask(plug(server.url, "TEST_KEY", timeout=0.1), request())
    server.stopped.set()


def test_nobody_listening_can_be_retried() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unavailable, match="cannot be reached"):
        ask(plug(f"http://127.0.0.1:{port}/v1", "TEST_KEY"), request())


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_reply_is_a_bad_reply(server: ChatServer, text: str) -> None:
    server.text = text
    fault = fault_of(server)
    assert isinstance(fault, BadReply)
    assert fault.reason == "empty reply"


def test_a_filtered_reply_is_a_bad_reply(server: ChatServer) -> None:
    server.finish_reason = "content_filter"
    assert getattr(fault_of(server), "reason", "") == "content filter"


def test_a_filtered_request_is_a_bad_reply(server: ChatServer) -> None:
    assert getattr(fault_of(server, error(400, "filtered", code="content_filter")), "reason", "") == "content filter"


def test_a_request_that_is_too_long_is_a_bad_reply(server: ChatServer) -> None:
    message = "This model's maximum context length is 4096 tokens."
    assert getattr(fault_of(server, error(400, message)), "reason", "") == "too long"


def test_an_answer_that_is_no_completion(server: ChatServer) -> None:
    assert "no chat completion" in fault_of(server, Fault(200, {"hello": "world"})).message


def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_KEY")
    with pytest.raises(ProviderError, match="TEST_KEY is not set"):
        ask(plug("https://models.example/v1", "TEST_KEY"), request())


def test_a_local_server_needs_no_key(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_KEY")
    assert ask(plug(server.url, "TEST_KEY"), request())[0].text == server.text


def test_an_address_without_scheme_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="no web address"):
        plug("localhost:11434", "")


def test_the_same_model_works_in_two_event_loops(server: ChatServer) -> None:
    model = plug(server.url, "TEST_KEY")
    ask(model, request())
    assert ask(model, request())[0].text == server.text


def test_the_key_never_reaches_the_ledger(server: ChatServer, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    model = plug(server.url, "TEST_KEY")

    async def go() -> None:
        await CachedModel(model, ledger).complete(request())
        model.close()
        await asyncio.sleep(0.01)

    asyncio.run(go())
    ledger.close()
    assert KEY.encode() not in (tmp_path / "ledger.sqlite").read_bytes()
    assert KEY not in repr(vars(model))
