"""Embeddings of an endpoint, against a real server on loopback."""

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from raftune.embedders.openai import OpenAIEmbedder, plug
from raftune.endpoints.endpoint import Address, Endpoint
from raftune.endpoints.keys import Keys
from raftune.errors import ProviderError, Unavailable
from tests.chat_server import Fault, error
from tests.servers.openai import serving


class EmbeddingServer:
    """What the server was asked, and how it answers."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.base64 = True
        self.short = 0
        self.url = ""

    def answer(self, request: dict[str, Any]) -> Fault:
        self.requests.append(request)
        if self.faults:
            return self.faults.pop(0)
        if request.get("encoding_format") == "base64" and not self.base64:
            return error(400, "encoding_format base64 is not supported", param="encoding_format")
        data = [self.item(number, text, request) for number, text in enumerate(request["input"])]
        usage = {"prompt_tokens": sum(map(len, request["input"])), "total_tokens": 0}
        body = {"object": "list", "model": request["model"], "data": data[::-1][self.short :], "usage": usage}
        return Fault(200, body)

    def item(self, number: int, text: str, request: dict[str, Any]) -> dict[str, Any]:
        numbers: Any = [float(len(text)), 2.0, 1.0][: request.get("dimensions", 3)]
        if request.get("encoding_format") == "base64":
            numbers = base64.b64encode(np.array(numbers, dtype="<f4").tobytes()).decode()
        return {"object": "embedding", "index": number, "embedding": numbers}


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    state = EmbeddingServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/embeddings"
            answer = state.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            data = json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.url = f"http://127.0.0.1:{running.server_port}/v1"
    try:
        yield state
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def embedder_at(url: str, dimensions: int | None = None) -> OpenAIEmbedder:
    return plug(Endpoint(Address(url, ""), Keys(None)), "m", dimensions)


def embed(embedder: OpenAIEmbedder, *calls: list[str]) -> list[Any]:
    async def all_of_them() -> list[Any]:
        try:
            return [await embedder.request(texts) for texts in calls]
        finally:
            await embedder.aclose()

    return asyncio.run(all_of_them())


def test_vectors_come_in_the_order_of_the_texts_with_length_1(server: EmbeddingServer) -> None:
    [(rows, tokens)] = embed(embedder_at(server.url), ["a", "bbb"])
    assert rows.dtype == np.float32
    assert np.allclose(rows[0], np.array([1, 2, 1]) / np.sqrt(6))
    assert np.allclose(rows[1], np.array([3, 2, 1]) / np.sqrt(14))
    assert tokens == 4


def test_a_server_without_base64_is_asked_for_numbers_from_then_on(server: EmbeddingServer) -> None:
    server.base64 = False
    embed(embedder_at(server.url), ["a"], ["b"])
    assert [request["encoding_format"] for request in server.requests] == ["base64", "float", "float"]


def test_dimensions_are_asked_for_and_part_of_the_name(server: EmbeddingServer) -> None:
    embedder = embedder_at(server.url, 2)
    [(rows, _)] = embed(embedder, ["a"])
    assert rows.shape == (1, 2)
    assert embedder.name == "openai-m-2"


def test_an_answer_with_too_few_vectors_is_refused(server: EmbeddingServer) -> None:
    server.short = 1
    with pytest.raises(ProviderError, match="is not 2 embeddings"):
        embed(embedder_at(server.url), ["a", "b"])


def test_a_busy_server_is_unavailable_and_a_refused_key_is_final(server: EmbeddingServer) -> None:
    server.faults = [error(429, "slow down", retry_after="2"), error(401, "bad key")]
    with pytest.raises(Unavailable) as caught:
        embed(embedder_at(server.url), ["a"])
    assert caught.value.retry_after == 2
    with pytest.raises(ProviderError, match="refuses the key"):
        embed(embedder_at(server.url), ["a"])


@pytest.mark.parametrize(
    "body", [{}, {"data": None}, {"data": [{"index": 0, "embedding": "!"}]}, {"data": [3]}, {"error": "x"}]
)
def test_an_answer_of_another_shape_may_be_asked_for_again(server: EmbeddingServer, body: dict[str, Any]) -> None:
    server.faults = [Fault(200, body)]
    with pytest.raises(Unavailable, match="is not 1 embeddings") as caught:
        embed(embedder_at(server.url), ["a"])
    assert caught.value.reason == "no completion"


@pytest.mark.parametrize("fault", ["html", "broken_json", "huge_body", "gzip_bomb", "reset_in_body"])
def test_faults_of_the_body_are_no_crash(fault: str) -> None:
    with serving(fault) as server, pytest.raises(Unavailable):
        embed(embedder_at(server.url), ["a"])


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 0.0])
def test_numbers_that_are_no_direction_are_refused(server: EmbeddingServer, number: float) -> None:
    server.faults = [Fault(200, {"data": [{"index": 0, "embedding": [number, 0.0]}]})]
    with pytest.raises(ProviderError, match="no directions"):
        embed(embedder_at(server.url), ["a"])
