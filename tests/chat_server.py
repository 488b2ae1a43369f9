"""A chat completions server on loopback, in a thread, whose faults are switched by the test."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Fault:
    """One answer that is not a plain reply: status, headers and body."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class ChatServer:
    """What the server answers next (`faults`, then `script`, then `text`), and what it was asked."""

    url: str = ""
    text: str = '{"answer": "73 ports"}'
    finish_reason: str = "stop"
    delay: float = 0.0
    refuses: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)
    script: "Callable[[dict[str, Any]], Fault | None]" = lambda _: None
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: dict[str, Any], key: str) -> Fault:
        self.requests.append(request)
        self.keys.append(key)
        self.stopped.wait(self.delay)
        if self.faults:
            return self.faults.pop(0)
        for name in sorted(self.refuses & set(request)):
            return error(400, f"Unsupported parameter: '{name}'", code="unsupported_parameter", param=name)
        return self.script(request) or completion(request, self.text, self.finish_reason)


def completion(request: dict[str, Any], text: str, finish_reason: str = "stop") -> Fault:
    """A plain reply."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish_reason}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    body = {"id": "1", "object": "chat.completion", "created": 0, "model": request["model"]}
    return Fault(200, {**body, "choices": [choice], "usage": usage})


def pictures_of(request: dict[str, Any]) -> list[str]:
    """The pictures of a request, as data URLs."""
    contents = [message["content"] for message in request["messages"] if isinstance(message["content"], list)]
    return [part["image_url"]["url"] for parts in contents for part in parts if part["type"] == "image_url"]


def error(status: int, message: str, code: str = "", param: str | None = None, **headers: str) -> Fault:
    """An answer in the shape of OpenAI's errors; `retry_after="2"` becomes the header Retry-After."""
    body = {"error": {"message": message, "type": "error", "code": code or None, "param": param}}
    return Fault(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """A running server."""
    state = ChatServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = state.answer(request, self.headers.get("Authorization", ""))
            data = json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with suppress(ConnectionError):  # the client may have given up waiting
                self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield state
    finally:
        state.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
