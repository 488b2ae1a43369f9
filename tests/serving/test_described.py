"""What holds exchanges to their description finds what is not as described."""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.serving.described import ANSWERS, Exchanges, operation_of
from tests.serving.running import BASE, running
from tests.serving.tuning import finished, started, tuning, upload

ASKED: Any = [{"role": "user", "content": "How many ports?"}]
MODEL = {"id": "m", "object": "model", "created": 1, "owned_by": "us"}
CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}


def seen(
    method: str, path: str, answer: Any, status: int = 200, asked: Any = None, kind: str = "application/json"
) -> list[str]:
    exchanges = Exchanges()
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    request = SimpleNamespace(method=method, url=SimpleNamespace(path=path), content=json.dumps(asked).encode())
    exchanges.look(request, SimpleNamespace(status_code=status, headers={"content-type": kind}), body)
    return exchanges.faults


@pytest.mark.parametrize(
    "answer",
    [b"<html>", {**MODEL, "owned_by": None}, {**MODEL, "object": "list"}, {**MODEL, "weight": 3}, {"id": "m"}],
    ids=["no json", "null", "another object", "unknown field", "missing"],
)
def test_an_answer_that_is_not_as_described_is_found(answer: Any) -> None:
    assert seen("GET", "/v1/models/m", MODEL) == []
    assert seen("GET", "/v1/models/m", answer)
    if isinstance(answer, dict):
        assert seen("GET", "/v1/models", {"object": "list", "data": [MODEL, answer]})


def test_requests_errors_and_events_are_held_to_it_too() -> None:
    whole = {"object": "list", "data": [], "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    asked = {"model": "m", "input": "a"}
    assert seen("POST", "/v1/embeddings", whole, asked=asked) == []
    assert seen("POST", "/v1/embeddings", whole, asked={"model": "m"})
    error = {"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": None}}
    assert seen("GET", "/v1/models/m", error, 404) == []
    assert seen("GET", "/v1/models/m", {"detail": "no"}, 404)
    stream, chat = "text/event-stream; charset=utf-8", {"model": "m", "messages": ASKED, "stream": True}
    for chunk, right in (({**CHUNK, "choices": []}, True), (CHUNK, False)):
        events = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode()
        assert (seen("POST", "/v1/chat/completions", events, asked=chat, kind=stream) == []) is right


def test_a_page_of_models_of_any_name_is_none() -> None:
    assert operation_of("GET", "/v1/models/ft:m:o::a") == "GET /v1/models/{name}"
    assert operation_of("GET", "/v1/files/f/content") == "GET /v1/files/{name}/content"
    assert operation_of("GET", "/health") is None


def test_every_operation_but_embedding_is_as_described(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        jobs = client.fine_tuning.jobs
        name = started(client, 12, validation_file=upload(client), suffix="ports", metadata={"by": "me"})
        finished(client, name, ("running",))
        jobs.pause(name)
        finished(client, name, ("paused",))
        jobs.resume(name)
        jobs.cancel(started(client, 50))
        done = finished(client, name)
        assert jobs.list().data
        assert jobs.list_events(name).data
        assert jobs.checkpoints.list(name).data
        assert client.files.list().data
        assert client.files.content(done.result_files[0]).text
        client.files.retrieve(done.result_files[0])
        client.files.delete(done.result_files[0])
        assert client.models.list().data
        client.models.retrieve(BASE)
        client.models.delete(done.fine_tuned_model)
        client.chat.completions.create(model=BASE, messages=ASKED)
        assert up.exchanges.operations == set(ANSWERS) - {"POST /v1/embeddings"}


def test_clients_of_both_kinds_are_watched(tmp_path: Path) -> None:
    async def asking(up: Any) -> None:
        async with up.async_client() as client:
            await client.models.retrieve(BASE)
            async with client.chat.completions.stream(model=BASE, messages=ASKED) as events:
                assert [event async for event in events]

    with running(tmp_path) as up:
        asyncio.run(asking(up))
        assert up.exchanges.operations == {"GET /v1/models/{name}", "POST /v1/chat/completions"}
