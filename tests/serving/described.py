"""The endpoints as OpenAPI describes them, made from the SDK's types, and a client that holds every exchange to it.

OpenAI's own description is in no package, so this one is made of the types that the SDK is generated from it with: JSON
schemas of what is sent and what is answered, closed, so that a field nobody knows is a fault unless it is named here.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from functools import cache
from typing import Any

import httpx2
import openai
from jsonschema import Draft202012Validator
from openai.types import (
    CreateEmbeddingResponse,
    EmbeddingCreateParams,
    FileDeleted,
    FileObject,
    Model,
    ModelDeleted,
)
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.chat.completion_create_params import CompletionCreateParams
from openai.types.fine_tuning import FineTuningJob, FineTuningJobEvent, JobCreateParams
from openai.types.fine_tuning.jobs import FineTuningJobCheckpoint
from pydantic import TypeAdapter

STATUSES = ("validating_files", "queued", "running", "succeeded", "failed", "cancelled")
OURS: dict[str, dict[str, Any]] = {
    "Annotation": {"citation": {"type": "object"}},
    "ChatCompletionMessage": {"reasoning_content": {"type": "string"}},
    "ChoiceDelta": {"annotations": {"type": "array"}, "reasoning_content": {"type": "string"}},
    "FineTuningJob": {
        "suffix": {"type": ["string", "null"]},
        "trainingType": {"type": "string"},
        "status": {"enum": [*STATUSES, "pausing", "paused"]},
    },
    "Embedding": {"embedding": {"anyOf": [{"type": "array", "items": {"type": "number"}}, {"type": "string"}]}},
}
"""What goes beyond the types, by the type it stands in: where a quote lies, a stream's annotations, a reasoning
as other servers give it, Azure's fields, the statuses of paused jobs, and vectors in base64, which the SDK asks for."""
JOBS = "/v1/fine_tuning/jobs"
ANSWERS: dict[str, Any] = {
    "POST /v1/chat/completions": ChatCompletion,
    "POST /v1/embeddings": CreateEmbeddingResponse,
    "GET /v1/models": [Model],
    "GET /v1/models/{name}": Model,
    "DELETE /v1/models/{name}": ModelDeleted,
    "POST /v1/files": FileObject,
    "GET /v1/files": [FileObject],
    "GET /v1/files/{name}": FileObject,
    "DELETE /v1/files/{name}": FileDeleted,
    "GET /v1/files/{name}/content": None,
    f"POST {JOBS}": FineTuningJob,
    f"GET {JOBS}": [FineTuningJob],
    f"GET {JOBS}/{{name}}": FineTuningJob,
    f"POST {JOBS}/{{name}}/cancel": FineTuningJob,
    f"POST {JOBS}/{{name}}/pause": FineTuningJob,
    f"POST {JOBS}/{{name}}/resume": FineTuningJob,
    f"GET {JOBS}/{{name}}/events": [FineTuningJobEvent],
    f"GET {JOBS}/{{name}}/checkpoints": [FineTuningJobCheckpoint],
}
REQUESTS: dict[str, Any] = {
    "POST /v1/chat/completions": CompletionCreateParams,
    "POST /v1/embeddings": EmbeddingCreateParams,
    f"POST {JOBS}": JobCreateParams,
}
TEXT_OR_NULL = {"type": ["string", "null"]}
ERROR = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {"message": {"type": "string", "minLength": 1}, "type": {"type": "string"}}
            | {"param": TEXT_OR_NULL, "code": TEXT_OR_NULL},
        }
    },
}


def operation_of(method: str, path: str) -> str | None:
    """The operation that a request is; None where it is not described."""
    for operation in ANSWERS:
        verb, form = operation.split(" ")
        if verb == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", form), path):
            return operation
    return None


@cache
def answer_schema(operation: str) -> dict[str, Any]:
    """What is answered to an operation."""
    kind = ANSWERS[operation]
    if not isinstance(kind, list):
        return closed(TypeAdapter(kind).json_schema())
    row = closed(TypeAdapter(kind[0]).json_schema(ref_template="#/$defs/{model}"))
    parts = row.pop("$defs", {})
    listed = {"object": {"const": "list"}, "data": {"type": "array", "items": row}, "has_more": {"type": "boolean"}}
    ends = {"first_id": TEXT_OR_NULL, "last_id": TEXT_OR_NULL}
    form = {"type": "object", "required": ["object", "data"], "additionalProperties": False}
    return {**form, "properties": listed | ends, "$defs": parts}


@cache
def request_schema(operation: str) -> dict[str, Any]:
    """What is asked with an operation."""
    return dict(TypeAdapter(REQUESTS[operation]).json_schema())


@cache
def chunk_schema() -> dict[str, Any]:
    """One event of a streamed answer."""
    return closed(TypeAdapter(ChatCompletionChunk).json_schema())


def closed(schema: Any) -> Any:
    """The schema with no fields but those it names and ours."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(part) for key, part in schema.items()}
    if "properties" in made and isinstance(made.get("title"), str):
        made["additionalProperties"] = False
        made["properties"] |= OURS.get(made["title"], {})
    return made


def faults_of(schema: Any, found: Any) -> Iterator[str]:
    """What an exchange holds that its description does not."""
    for error in Draft202012Validator(schema).iter_errors(found):
        yield f"{error.json_path}: {error.message[:300]}"


class Exchanges:
    """What a client saw: which operations, and what was not as described."""

    def __init__(self) -> None:
        self.operations: set[str] = set()
        self.faults: list[str] = []

    def look(self, request: Any, response: Any, body: bytes) -> None:
        """Notes a request and its whole answer."""
        operation = operation_of(request.method, request.url.path)
        if operation is None:
            return
        if response.status_code >= 400:
            self.note(operation, faults_of(ERROR, parsed(body)))
            return
        self.operations.add(operation)
        if operation in REQUESTS:
            self.note(operation, faults_of(request_schema(operation), parsed(request.content)))
        if ANSWERS[operation] is None:
            return
        if response.headers["content-type"].startswith("text/event-stream"):
            for event in events_in(body):
                self.note(operation, faults_of(chunk_schema() if "error" not in event else ERROR, event))
        else:
            self.note(operation, faults_of(answer_schema(operation), parsed(body)))

    def note(self, operation: str, faults: Iterator[str]) -> None:
        """Remembers faults."""
        self.faults += [f"{operation}: {fault}" for fault in faults]

    def client(self) -> Any:
        """What the SDK sends with."""
        return openai.DefaultHttpxClient(transport=Watched(self))

    def async_client(self) -> Any:
        """The same for asyncio."""
        return openai.DefaultAsyncHttpxClient(transport=AsyncWatched(self))


def parsed(body: bytes) -> Any:
    """A body; what is no JSON is a fault wherever something else is described."""
    try:
        return json.loads(body)
    except ValueError:
        return f"no JSON: {body[:100]!r}"


def events_in(body: bytes) -> Iterator[Any]:
    """The events of a stream that came whole: a client may have left in the middle of one."""
    for event in body.decode().split("\n\n")[:-1]:
        for line in event.splitlines():
            if line.startswith("data: ") and line != "data: [DONE]":
                yield parsed(line.removeprefix("data: ").encode())


class Watched(httpx2.HTTPTransport):
    """Sends, and looks at what was sent and answered once the answer is closed."""

    def __init__(self, exchanges: Exchanges) -> None:
        super().__init__()
        self.exchanges = exchanges

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        request.read()
        response.stream = Copied(response.stream, lambda body: self.exchanges.look(request, response, body))
        return response


class Copied(httpx2.SyncByteStream):
    """A body, handed on and kept."""

    def __init__(self, stream: Any, tell: Any) -> None:
        self.stream, self.tell, self.body = stream, tell, b""

    def __iter__(self) -> Iterator[bytes]:
        for part in self.stream:
            self.body += part
            yield part

    def close(self) -> None:
        self.stream.close()
        self.tell(self.body)


class AsyncWatched(httpx2.AsyncHTTPTransport):
    """As `Watched`."""

    def __init__(self, exchanges: Exchanges) -> None:
        super().__init__()
        self.exchanges = exchanges

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        await request.aread()
        response.stream = AsyncCopied(response.stream, lambda body: self.exchanges.look(request, response, body))
        return response


class AsyncCopied(httpx2.AsyncByteStream):
    """As `Copied`."""

    def __init__(self, stream: Any, tell: Any) -> None:
        self.stream, self.tell, self.body = stream, tell, b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self.stream:
            self.body += part
            yield part

    async def aclose(self) -> None:
        await self.stream.aclose()
        self.tell(self.body)
