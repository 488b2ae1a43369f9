"""Chat completions over HTTP, as the unmodified openai SDK sees them."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from raftune.errors import BadReply, ConfigError, ProviderError
from tests.serving.running import BASE, TUNED, Running, running
from tests.serving.scripted import Scripted

ASKED = [{"role": "user", "content": "How many ports?"}]
TEXT = "The harbour has 73 ports."


def until(true: Callable[[], object]) -> None:
    """Waits until something is so."""
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def ask(up: Running, **changes):
    return up.own.chat.completions.create(**{"model": BASE, "messages": ASKED, **changes})


def test_a_whole_answer(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        answer = ask(up)
    assert ChatCompletion.model_validate(answer.model_dump(), strict=True)
    assert answer.choices[0].message.content == TEXT
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.prompt_tokens == 5
    assert answer.usage.completion_tokens == 5
    assert answer.usage.total_tokens == 10
    assert answer.usage.prompt_tokens_details.cached_tokens == 2
    assert answer._request_id.startswith("req_")


def test_the_adapter_is_the_model_that_was_asked_for(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        assert ask(up, model=TUNED).model == TUNED
        ask(up, model=BASE)
        assert [one.adapter for one in up.generator.asked] == [TUNED, ""]


def test_a_streamed_answer(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        chunks = list(ask(up, stream=True))
    for chunk in chunks:
        ChatCompletionChunk.model_validate(chunk.model_dump(), strict=True)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == TEXT
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * 4 + ["stop"]
    assert {chunk.id for chunk in chunks} == {chunks[0].id}
    assert all(chunk.usage is None for chunk in chunks)


def test_a_stream_tells_its_usage_where_it_is_asked_to(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        *chunks, last = ask(up, stream=True, stream_options={"include_usage": True})
    assert last.choices == []
    assert last.usage.completion_tokens == 5
    assert all(chunk.usage is None and chunk.choices for chunk in chunks)


def test_the_sdks_own_gathering_of_a_stream(tmp_path: Path) -> None:
    with (
        running(tmp_path) as up,
        up.client() as client,
        client.chat.completions.stream(model=BASE, messages=ASKED, logprobs=True, top_logprobs=2) as stream,
    ):
        final = stream.get_final_completion()
    assert final.choices[0].message.content == TEXT
    assert len(final.choices[0].logprobs.content) == 5


def test_a_stream_ends_with_done(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        raw = up.own.chat.completions.with_streaming_response
        with raw.create(model=BASE, messages=ASKED, stream=True) as answer:
            body = answer.read().decode()
            assert answer.headers["content-type"].startswith("text/event-stream")
    assert body.endswith("data: [DONE]\n\n")
    assert all(json.loads(line[6:]) for line in body.split("\n\n")[:-2])


def test_asyncio(tmp_path: Path) -> None:
    async def both(up: Running) -> list[str]:
        async with up.async_client() as client:
            answers = [client.chat.completions.create(model=BASE, messages=ASKED) for _ in range(5)]
            texts = [answer.choices[0].message.content for answer in await asyncio.gather(*answers)]
            stream = await client.chat.completions.create(model=TUNED, messages=ASKED, stream=True)
            return [*texts, "".join([chunk.choices[0].delta.content or "" async for chunk in stream])]

    with running(tmp_path) as up:
        assert asyncio.run(both(up)) == [TEXT] * 6


def test_what_decides_the_text_reaches_the_model(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        ask(up, temperature=0.7, top_p=0.9, seed=11, stop=["\n", "END"], max_tokens=3)
        ask(up, stop="x", max_completion_tokens=4, max_tokens=9, temperature=1, top_p=0)
        ask(up, max_tokens=100_000)
        first, second, third = (one.sampling for one in up.generator.asked)
    assert (first.temperature, first.top_p, first.seed, first.stop, first.max_tokens) == (
        0.7,
        0.9,
        11,
        ("\n", "END"),
        3,
    )
    assert (second.stop, second.max_tokens, second.temperature, second.top_p) == (("x",), 4, 0, 1)
    assert (third.temperature, third.max_tokens) == (0, 256 - 5)


def test_a_cut_answer_says_so(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        answer = ask(up, max_tokens=2)
    assert (answer.choices[0].finish_reason, answer.choices[0].message.content) == ("length", "The harbour")


def test_content_in_parts_and_the_developers_role(tmp_path: Path) -> None:
    parts = [{"type": "text", "text": "one"}, {"type": "text", "text": "둘"}]
    with running(tmp_path) as up:
        ask(up, messages=[{"role": "developer", "content": "Be brief."}, {"role": "user", "content": parts}])
        assert [(one.role, one.content) for one in up.generator.asked[0].messages] == [
            ("system", "Be brief."),
            ("user", "one\n둘"),
        ]


@pytest.mark.parametrize("stream", [False, True])
def test_several_choices(tmp_path: Path, *, stream: bool) -> None:
    generator = Scripted(reply=lambda one: f"seed {one.sampling.seed}")
    with running(tmp_path, generator) as up:
        answer = ask(up, n=3, seed=5, stream=stream, temperature=1)
        texts = ["", "", ""]
        if stream:
            for chunk in answer:
                texts[chunk.choices[0].index] += chunk.choices[0].delta.content or ""
        else:
            texts = [choice.message.content for choice in answer.choices]
            assert answer.usage.prompt_tokens == 5
            assert answer.usage.completion_tokens == 6
    assert texts == ["seed 5", "seed 6", "seed 7"]


def test_probabilities(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        told = ask(up, logprobs=True, top_logprobs=3).choices[0].logprobs.content
        plain = ask(up, logprobs=True).choices[0].logprobs.content
        assert ask(up).choices[0].logprobs is None
    assert (told[0].token, told[0].logprob, bytes(told[0].bytes).decode()) == ("The", -0.5, "The")
    assert [one.logprob for one in told[0].top_logprobs] == [-0.5, -9999.0, -2.0]
    assert plain[0].top_logprobs == []


def test_forms_of_the_text(tmp_path: Path) -> None:
    rules = {"type": "object", "properties": {"ports": {"type": "integer"}}, "required": ["ports"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "ports", "schema": rules, "strict": True}}
    with running(tmp_path, Scripted('{"ports":73}')) as up:
        assert json.loads(ask(up, response_format=wanted).choices[0].message.content) == {"ports": 73}
        ask(up, response_format={"type": "json_object"})
        ask(up, response_format={"type": "text"})
        assert [one.sampling.schema for one in up.generator.asked] == [rules, {"type": "object"}, None]


@pytest.mark.parametrize("stream", [False, True])
def test_a_schema_that_cannot_be_followed(tmp_path: Path, *, stream: bool) -> None:
    generator = Scripted(failure=ConfigError("The schema cannot be followed.", "Take $ref out."))
    with running(tmp_path, generator) as up, pytest.raises(openai.BadRequestError, match="Take") as caught:
        ask(up, response_format={"type": "json_object"}, stream=stream)
    assert caught.value.param == "response_format"


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": "hello"}, "messages"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages[0].content"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"temperature": 3}, "temperature"),
        ({"top_p": -1}, "top_p"),
        ({"seed": "x"}, "seed"),
        ({"n": 1000}, "n"),
        ({"n": True}, "n"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "stop"),
        ({"stop": [""]}, "stop"),
        ({"stop": 5}, "stop"),
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"stream_options": {"include_usage": True}}, "stream_options"),
        ({"response_format": {"type": "xml"}}, "response_format.type"),
        ({"response_format": {"type": "json_schema"}}, "response_format"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"frequency_penalty": 0.5}, "frequency_penalty"),
        ({"logit_bias": {"5": 1}}, "logit_bias"),
        ({"model": 5}, "model"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changes: dict, param: str) -> None:
    with running(tmp_path) as up, pytest.raises(openai.BadRequestError) as caught:
        ask(up, **changes)
    assert caught.value.param == param
    assert caught.value.code
    assert caught.value.type == "invalid_request_error"


def test_what_changes_nothing_is_tolerated(tmp_path: Path) -> None:
    known = {"user": "u", "store": False, "metadata": {"a": "b"}, "frequency_penalty": 0, "presence_penalty": None}
    with running(tmp_path) as up:
        assert ask(up, **known, tools=[], logit_bias={}, extra_body={"something": {"new": 1}}).choices


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "harbour\x00", "모델", "no-such-model"])
def test_unknown_models(tmp_path: Path, name: str) -> None:
    with running(tmp_path) as up:
        with pytest.raises(openai.NotFoundError) as caught:
            ask(up, model=name)
        assert up.generator.asked == []
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


def test_a_long_conversation_is_refused(tmp_path: Path) -> None:
    long = [{"role": "user", "content": "word " * 300}]
    with running(tmp_path) as up:
        for stream in (False, True):
            with pytest.raises(openai.BadRequestError) as caught:
                ask(up, messages=long, stream=stream)
            assert caught.value.code == "context_length_exceeded"


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (ProviderError("Out of memory at /secret/place.", "Buy more."), openai.InternalServerError),
        (RuntimeError("the text of a document"), openai.InternalServerError),
        (BadReply("The prompt is too long.", "Shorten it."), openai.BadRequestError),
    ],
)
def test_a_failing_model(tmp_path: Path, failure: Exception, error: type[Exception]) -> None:
    with running(tmp_path, Scripted(failure=failure)) as up:
        for stream in (False, True):
            with pytest.raises(error) as caught:
                ask(up, stream=stream)
            assert "secret" not in str(caught.value)
            assert "document" not in str(caught.value)
        up.generator.failure = None
        assert ask(up).choices
        assert up.generator.running == 0
        assert up.service.turnstile.taken == 0


def test_a_model_that_fails_in_mid_stream(tmp_path: Path) -> None:
    generator = Scripted(failure=ProviderError("It broke.", "Mend it."), fails_after=2)
    with running(tmp_path, generator) as up:
        stream = ask(up, stream=True)
        assert next(stream).choices[0].delta.content == "The"
        with pytest.raises(openai.APIError, match="cannot answer"):
            list(stream)


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_ends_the_generation(tmp_path: Path, *, stream: bool) -> None:
    with running(tmp_path, Scripted("word " * 200, delay=0.05)) as up:
        with up.client(timeout=0.4) as client:
            if stream:
                next(answer := client.chat.completions.create(model=BASE, messages=ASKED, stream=True))
                answer.close()
            else:
                with pytest.raises(openai.APITimeoutError):
                    client.chat.completions.create(model=BASE, messages=ASKED)
        until(lambda: up.generator.left)
        assert up.generator.ended == []
        until(lambda: up.service.turnstile.taken == 0)
        until(lambda: 'status="499"' in up.service.measures.page().decode())


def test_a_client_that_stays_is_served_to_the_end(tmp_path: Path) -> None:
    with running(tmp_path, Scripted("word " * 20, delay=0.01)) as up:
        list(ask(up, stream=True))
        until(lambda: up.generator.ended)
        assert up.generator.left == []


def test_the_deadline(tmp_path: Path) -> None:
    with running(tmp_path, Scripted("word " * 200, delay=0.05), seconds=0.3) as up:
        with pytest.raises(openai.InternalServerError) as caught:
            ask(up)
        assert caught.value.status_code == 504
        assert caught.value.response.headers["x-should-retry"] == "false"
        with pytest.raises(openai.APIError, match="too long"):
            list(ask(up, stream=True))
        until(lambda: up.generator.running == 0)
        assert len(up.generator.left) == 2


def test_a_full_line_is_refused_with_a_time(tmp_path: Path) -> None:
    async def crowd(up: Running) -> list[object]:
        async with up.async_client() as client:
            asked = [client.chat.completions.create(model=BASE, messages=ASKED) for _ in range(6)]
            return await asyncio.gather(*asked, return_exceptions=True)

    with running(tmp_path, Scripted(delay=0.05), at_once=1, waiting=2) as up:
        answers = asyncio.run(crowd(up))
        refused = [one for one in answers if isinstance(one, openai.RateLimitError)]
        assert len(refused) == 3
        assert all(int(one.response.headers["retry-after"]) >= 1 for one in refused)
        assert refused[0].code == "queue_full"
        assert up.generator.most == 1
        assert len(up.generator.ended) == 3


def test_the_sdk_asks_a_full_service_again_by_itself(tmp_path: Path) -> None:
    async def crowd(up: Running) -> list[object]:
        async with up.async_client(max_retries=5) as client:
            asked = [client.chat.completions.create(model=BASE, messages=ASKED) for _ in range(4)]
            return await asyncio.gather(*asked)

    with running(tmp_path, Scripted(delay=0.02), at_once=1, waiting=1) as up:
        assert len(asyncio.run(crowd(up))) == 4


def test_several_choices_take_several_places(tmp_path: Path) -> None:
    with running(tmp_path, Scripted(delay=0.02), at_once=2) as up:
        ask(up, n=2)
        assert up.generator.most == 2
        with pytest.raises(openai.BadRequestError):
            ask(up, n=3)


@pytest.mark.parametrize("body", [b'{"model": "\\ud800", "messages": []}', b'{"model": "\xff"}'])
def test_letters_that_are_none(tmp_path: Path, body: bytes) -> None:
    with running(tmp_path) as up:
        headers = {"Authorization": f"Bearer {up.own.api_key}", "Content-Type": "application/json"}
        answer = up.own._client.post(f"{up.url}/v1/chat/completions", content=body, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["error"]["message"]


def test_half_a_letter_in_a_message(tmp_path: Path) -> None:
    body = json.dumps({"model": BASE, "messages": [{"role": "user", "content": [{"type": "text", "text": "\ud800"}]}]})
    with running(tmp_path) as up:
        headers = {"Authorization": f"Bearer {up.own.api_key}", "Content-Type": "application/json"}
        answer = up.own._client.post(f"{up.url}/v1/chat/completions", content=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, "messages[0].content")


def test_a_client_that_leaves_the_line_is_not_waited_for(tmp_path: Path) -> None:
    async def crowd(up: Running) -> None:
        async with up.async_client() as client, up.async_client(timeout=0.2) as hasty:
            first = asyncio.create_task(client.chat.completions.create(model=BASE, messages=ASKED))
            await asyncio.sleep(0.05)
            with pytest.raises(openai.APITimeoutError):
                await hasty.chat.completions.create(model=BASE, messages=ASKED, stream=True)
            await first

    with running(tmp_path, Scripted(delay=0.1), at_once=1) as up:
        asyncio.run(crowd(up))
        until(lambda: up.service.turnstile.waiting == 0)
        assert len(up.generator.asked) == 1
