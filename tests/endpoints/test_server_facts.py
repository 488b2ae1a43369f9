"""What servers tell about a model, in the words of each."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from raftune.endpoints.endpoint import Address, Endpoint
from raftune.endpoints.keys import Keys
from raftune.endpoints.server_facts import ServerFacts, context_in, describe
from raftune.errors import ProviderError

OLLAMA = {
    "/v1/models": {"data": [{"id": "llama3:latest"}]},
    "/api/show": {"model_info": {"llama.context_length": 8192}},
}
VLLM = {"/v1/models": {"data": [{"id": "llama3", "max_model_len": 4096}]}}
LLAMA_CPP = {
    "/v1/models": {"data": [{"id": "/models/a.gguf", "meta": {"n_ctx_train": 131072}}]},
    "/props": {"default_generation_settings": {"n_ctx": 2048}},
}
LM_STUDIO = {
    "/v1/models": {"data": [{"id": "llama3"}]},
    "/api/v0/models/llama3": {"max_context_length": 131072, "loaded_context_length": 4096},
}


@contextmanager
def answering(pages: dict[str, Any], status: int = 404) -> Iterator[str]:
    """A server with these pages, and that status for all others."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(self.path)
            data = found.encode() if isinstance(found, str) else json.dumps(found).encode()
            self.send_response(200 if found is not None else status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def facts(pages: dict[str, Any], status: int = 404) -> ServerFacts:
    async def go(url: str) -> ServerFacts:
        endpoint = Endpoint(Address(url, "", seconds=5), Keys(None))
        try:
            return await describe(endpoint, "llama3")
        finally:
            await endpoint.aclose()

    with answering(pages, status) as url:
        return asyncio.run(go(url))


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        (VLLM, ServerFacts(True, ("llama3",), 4096)),
        (OLLAMA, ServerFacts(True, ("llama3:latest",), 8192)),
        (LM_STUDIO, ServerFacts(True, ("llama3",), 4096)),
        (LLAMA_CPP, ServerFacts(False, ("/models/a.gguf",), 2048)),
        ({}, ServerFacts()),
        ({"/v1/models": "<html>"}, ServerFacts()),
        ({"/v1/models": [1, 2]}, ServerFacts()),
        ({"/v1/models": {"data": [3, {"id": "other"}]}}, ServerFacts(False, ("other",))),
    ],
)
def test_each_server_tells_in_its_own_words(pages: dict[str, Any], expected: ServerFacts) -> None:
    assert facts(pages) == expected


def test_a_refused_key_is_told() -> None:
    with pytest.raises(ProviderError, match="refuses the key"):
        facts({}, 401)


def test_what_a_server_was_started_with_comes_before_what_the_model_could() -> None:
    assert context_in({"meta": {"n_ctx_train": 9000}, "n_ctx": 100}) == 100
    assert context_in({"llama.context_length": 8192, "n_ctx": True, "max_model_len": 0}) == 8192
    assert context_in(None) is None
