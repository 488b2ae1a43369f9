import asyncio
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.endpoints.chat_wire import capability_of
from raftune.endpoints.endpoint import Address, Endpoint
from raftune.endpoints.keys import Keys
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import BadReply, ProviderError, RateLimited, Unavailable
from raftune.ledger import Ledger
from raftune.providers.openai import OpenAIModel, plug
from raftune.wrappers.cached import CachedModel
from raftune.wrappers.retried import RetriedModel
from tests.chat_server import ChatServer, Fault, chat_server, error, pictures_of
from tests.servers.openai import serving

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


def model_at(
    url: str, memory: EndpointMemory | None = None, *, seconds: float = 30.0, stream: bool = False
) -> OpenAIModel:
    address = Address(url, "TEST_KEY", seconds=seconds, stream=stream)
    return plug(Endpoint(address, Keys(None)), memory or EndpointMemory(None))


def ask(model: OpenAIModel, *requests: ChatRequest) -> list[ChatReply]:
    async def all_of_them() -> list[ChatReply]:
        try:
            return [await model.complete(one) for one in requests]
        finally:
            await model.aclose()

    return asyncio.run(all_of_them())


def fault_of(server: ChatServer, *faults: Fault) -> ProviderError:
    server.faults = list(faults)
    with pytest.raises(ProviderError) as caught:
        ask(model_at(server.url), request())
    assert KEY not in str(caught.value)
    assert caught.value.advice
    return caught.value


def test_a_reply_carries_text_tokens_and_finish_reason(server: ChatServer) -> None:
    [reply] = ask(model_at(server.url), request())
    assert reply == ChatReply(text=server.text, finish_reason="stop", prompt_tokens=11, completion_tokens=7)
    assert server.keys == [f"Bearer {KEY}"]
    assert server.requests[0]["max_tokens"] == 50
    assert server.requests[0]["temperature"] == 0.0
    assert "response_format" not in server.requests[0]


def test_pictures_follow_the_text_as_parts(server: ChatServer) -> None:
    url = "data:image/png;base64,AA=="
    messages = (ChatMessage(role="system", content="Look."), ChatMessage(role="user", content="Hint", images=(url,)))
    ask(model_at(server.url), ChatRequest(model="m", messages=messages, max_tokens=50))
    system, user = server.requests[0]["messages"]
    assert system == {"role": "system", "content": "Look."}
    assert user["content"] == [{"type": "text", "text": "Hint"}, {"type": "image_url", "image_url": {"url": url}}]
    assert pictures_of(server.requests[0]) == [url]


def test_half_a_surrogate_pair_does_not_reach_the_ledger(server: ChatServer) -> None:
    server.text = "73 \ud83d ports"
    assert ask(model_at(server.url), request())[0].text == "73 ? ports"


def test_a_reply_that_was_cut_says_so(server: ChatServer) -> None:
    server.finish_reason = "length"
    assert ask(model_at(server.url), request())[0].finish_reason == "length"


def test_a_schema_is_sent_strict(server: ChatServer) -> None:
    ask(model_at(server.url), request(schema=True))
    sent = server.requests[0]["response_format"]
    assert sent["type"] == "json_schema"
    assert sent["json_schema"]["strict"] is True
    assert sent["json_schema"]["schema"] == SCHEMA


def test_a_server_without_schemas_or_tools_is_prompted_and_remembered(server: ChatServer) -> None:
    server.refuses = frozenset({"response_format", "tools"})
    replies = ask(model_at(server.url), request(schema=True), request(schema=True, text="And ships?"))
    assert [reply.text for reply in replies] == [server.text, server.text]
    assert ["response_format" in sent for sent in server.requests] == [True, False, True, False, False]
    assert ["tools" in sent for sent in server.requests] == [False, True, False, False, False]
    assert '"required": ["answer"]' in server.requests[-1]["messages"][0]["content"]
    assert server.requests[-1]["messages"][0]["content"].startswith("Be short.")


def test_a_400_without_a_cause_is_blamed_on_the_schema_in_every_form_once(server: ChatServer) -> None:
    memory = EndpointMemory(None)
    server.faults = [error(400, "bad request")] * 4
    with pytest.raises(ProviderError, match="status 400") as caught:
        ask(model_at(server.url, memory), request(schema=True))
    assert not isinstance(caught.value, BadReply)
    assert [one.get("response_format", {}).get("type") for one in server.requests] == [
        "json_schema",
        None,
        "json_object",
        None,
    ]
    assert memory.recall(f"{Address(server.url).name} m takes") == {}


def test_a_row_that_is_refused_teaches_nothing_and_ends_nothing(server: ChatServer) -> None:
    memory = EndpointMemory(None)

    async def go() -> list[str]:
        model = model_at(server.url, memory)
        await model.complete(request(schema=True))
        server.faults = [error(400, "bad request")] * 4
        with pytest.raises(BadReply) as caught:
            await model.complete(request(schema=True, text="A poisoned row?"))
        server.faults = [error(400, "bad request")]
        await model.complete(request(schema=True, text="One that a tool can carry?"))
        await model.complete(request(schema=True, text="And ships?"))
        await model.aclose()
        return [caught.value.reason, capability_of(memory, model.name, "m").way]

    assert asyncio.run(go()) == ["refused", "schema"]
    assert "response_format" in server.requests[-1]


def test_what_was_found_out_outlives_the_process(server: ChatServer, tmp_path: Path) -> None:
    server.refuses = frozenset({"response_format", "seed"})
    for _ in range(2):
        memory = EndpointMemory(tmp_path / "endpoints.json")
        ask(model_at(server.url, memory), request(schema=True))
        memory.flush()
    assert len(server.requests) == 4
    assert "tools" in server.requests[-1]
    assert "seed" not in server.requests[-1]


def test_many_at_once_find_out_together() -> None:
    memory = EndpointMemory(None)

    async def go(model: OpenAIModel) -> None:
        try:
            await asyncio.gather(*(model.complete(request(schema=True, text=f"How many {n}?")) for n in range(20)))
        finally:
            await model.aclose()

    with serving(latency=0.02) as server:
        server.switch("schema_refused", where=lambda sent: "response_format" in sent.body)
        server.switch("max_tokens_refused", where=lambda sent: "max_tokens" in sent.body)
        server.switch("temperature_refused")
        model = model_at(server.url, memory)
        asyncio.run(go(model))
    found = capability_of(memory, model.name, "m")
    assert (found.way, found.refused) == ("tool", {"max_tokens", "temperature"})


def test_parameters_of_newer_models_are_found_out(server: ChatServer) -> None:
    server.refuses = frozenset({"max_tokens", "temperature"})
    ask(model_at(server.url), request(), request(text="And ships?"))
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
    assert isinstance(fault, RateLimited)
    assert fault.retry_after == 7.0


def test_too_many_requests_may_say_so_in_words(server: ChatServer) -> None:
    assert getattr(fault_of(server, error(429, "Please try again in 1.2s.")), "retry_after", None) == 1.2


def test_a_server_error_can_be_retried(server: ChatServer) -> None:
    assert isinstance(fault_of(server, error(500, "oops")), Unavailable)


def test_a_server_that_heals_answers_behind_retries(server: ChatServer) -> None:
    server.faults = [error(500, "oops"), error(503, "slow down", retry_after="0.01")]
    model = model_at(server.url)

    async def go() -> ChatReply:
        reply = await RetriedModel(model, first=0.01).complete(request())
        await model.aclose()
        return reply

    assert asyncio.run(go()).text == server.text
    assert len(server.requests) == 3


def test_a_timeout_can_be_retried(server: ChatServer) -> None:
    server.delay = 5.0
    with pytest.raises(Unavailable, match=r"within 0\.1 seconds"):
        ask(model_at(server.url, seconds=0.1), request())
    server.stopped.set()


def test_nobody_listening_can_be_retried() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unavailable, match="cannot be reached"):
        ask(model_at(f"http://127.0.0.1:{port}/v1"), request())


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_reply_says_so_and_can_be_remembered(server: ChatServer, text: str) -> None:
    server.text = text
    assert ask(model_at(server.url), request())[0].finish_reason == "empty"


def test_a_filtered_reply_or_request_says_so_and_can_be_remembered(server: ChatServer) -> None:
    server.faults = [error(400, "filtered", code="content_filter")]
    assert ask(model_at(server.url), request())[0].finish_reason == "content_filter"
    server.finish_reason = "content_filter"
    assert ask(model_at(server.url), request())[0].finish_reason == "content_filter"


def test_a_request_that_is_too_long_is_a_bad_reply(server: ChatServer) -> None:
    message = "This model's maximum context length is 4096 tokens."
    assert getattr(fault_of(server, error(400, message)), "reason", "") == "too long"


def test_an_answer_that_is_no_completion(server: ChatServer) -> None:
    fault = fault_of(server, Fault(200, {"hello": "world"}))
    assert "no chat completion" in fault.message
    assert getattr(fault, "reason", "") == "no completion"


def test_a_web_page_is_a_wrong_address_at_first_and_later_a_fault_that_passes() -> None:
    with serving("html") as server:
        with pytest.raises(ProviderError, match="web page") as caught:
            ask(model_at(server.url), request())
        assert not isinstance(caught.value, Unavailable)
        server.heal()
        server.switch("html", chosen={2})
        with pytest.raises(Unavailable):
            ask(model_at(server.url), request(), request(text="And ships?"))


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("thought", "stop"), ("half_a_pair", "stop"), ("no_usage", "stop"), ("cut_off", "length"), ("null", "empty"),
        ("refusal", "refusal"), ("filtered", "content_filter"), ("uncalled_tool", "tool call"),
        ("unfinished", "no completion"), ("broken_json", "no completion"), ("no_choices", "no completion"),
        ("empty_choices", "no completion"), ("choices_no_list", "no completion"), ("content_a_list", "no completion"),
        ("error_with_200", "no completion"), ("huge_body", "no completion"), ("redirect", "no completion"),
        ("stream_breaks_off", "no completion"), ("overloaded", "server error"), ("bad_gateway", "server error"),
        ("slow_loris", "timeout"), ("endless", "timeout"), ("reset_in_body", "connection lost"),
        ("schema_refused", "stop"), ("max_tokens_refused", "stop"), ("too_long", "too long"),
    ],
)  # fmt: skip
def test_a_fault_is_the_same_whole_or_in_pieces(fault: str, outcome: str, *, stream: bool) -> None:
    seconds = 1.0 if outcome == "timeout" else 60.0
    with serving(fault, text='{"answer": "73 ports"}') as server:
        try:
            found = ask(model_at(server.url, seconds=seconds, stream=stream), request(schema=True))[0].finish_reason
        except (Unavailable, BadReply) as caught:
            found = caught.reason
    assert found == outcome


def test_a_stream_gives_what_comes_whole() -> None:
    with serving() as server:
        [whole] = ask(model_at(server.url), request(schema=True))
        [pieces] = ask(model_at(server.url, stream=True), request(schema=True))
        assert pieces == whole
        assert server.requests[1]["stream_options"] == {"include_usage": True}


def test_another_model_that_answers_is_remembered(caplog: pytest.LogCaptureFixture) -> None:
    memory = EndpointMemory(None)
    with serving("other_model") as server, caplog.at_level(logging.WARNING):
        model = model_at(server.url, memory)
        ask(model, request(), request(text="And ships?"))
    assert memory.recall(f"{model.name} m takes") == {"answers_as": "another-model-0301"}
    assert [record.message.split(": ")[1] for record in caplog.records] == ["asked for m, another-model-0301 answers"]


def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_KEY")
    with pytest.raises(ProviderError, match="TEST_KEY is not set"):
        ask(model_at("https://models.example/v1"), request())


def test_a_local_server_needs_no_key(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_KEY")
    assert ask(model_at(server.url), request())[0].text == server.text


def test_the_same_model_works_in_two_event_loops(server: ChatServer) -> None:
    model = model_at(server.url)
    ask(model, request())
    assert ask(model, request())[0].text == server.text


def test_the_key_never_reaches_the_ledger(server: ChatServer, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    model = model_at(server.url)

    async def go() -> None:
        await CachedModel(model, ledger).complete(request())
        await model.aclose()

    asyncio.run(go())
    ledger.close()
    assert KEY.encode() not in (tmp_path / "ledger.sqlite").read_bytes()
    assert KEY not in repr(vars(model))
