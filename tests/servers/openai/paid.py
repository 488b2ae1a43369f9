"""What is paid for, chat and embeddings, live and by the line of a batch; and the models there are."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tests.servers.openai import chat, embeddings
from tests.servers.openai.counting import most_tokens, prompt_tokens
from tests.servers.openai.faults import REPLIES
from tests.servers.openai.options import Body
from tests.servers.openai.teacher import reply_text
from tests.servers.openai.wire import Request, Response, Wire, error_response, json_response, packed

if TYPE_CHECKING:
    from tests.servers.openai.server import Server

PAID = {"/chat/completions": "chat", "/embeddings": "embeddings"}


async def answer_paid(server: "Server", path: str, request: Request, wire: Wire, fault: str) -> Response:
    """Chat and embeddings: admitted by their quota, answered after their time."""
    try:
        body = request.body
        prompt = prompt_tokens(body, server.count) if path == "/chat/completions" else 0
        if missing := {"model", "messages" if prompt else "input"} - body.keys():
            return error_response(400, f"You must provide a {missing.pop()} parameter.")
    except (ValueError, KeyError, TypeError, AttributeError):
        return error_response(400, "We could not parse the JSON body of your request.")
    if refusal := unfit(server, body, prompt):
        return refusal
    if path == "/embeddings":
        made = embeddings.embedded(body, server.count)
        tokens = made["usage"]["prompt_tokens"]
    else:
        tokens = prompt + most_tokens(body)
    if refusal := server.admission.refusal(PAID[path], tokens, str(body["model"])):
        return refusal
    server.statistics.enter()
    try:
        await take_time(server, body)
    finally:
        server.statistics.at_once -= 1
    server.statistics.abandoned += wire.gone
    if path == "/embeddings":
        server.statistics.pay(request.raw, tokens, 0)
        return json_response(made)
    made = chat.completion(body, request.raw, prompt, server.count, partial(write, server))
    server.statistics.pay(request.raw, prompt, made["usage"]["completion_tokens"])
    if fault in REPLIES:
        REPLIES[fault](made)
    return chat.reply(body, made)


def write(server: "Server", body: Body) -> str:
    """The text of a reply."""
    text = server.options.text
    if text is None:
        return reply_text(body)
    return text if isinstance(text, str) else text(body)


async def take_time(server: "Server", body: Body) -> None:
    """Waits as long as the options say."""
    latency = server.options.latency
    if isinstance(latency, tuple):
        await asyncio.sleep(server.random.uniform(*latency))
    elif callable(latency):
        await asyncio.sleep(latency(body))
    elif latency:
        await asyncio.sleep(latency)


def unfit(server: "Server", body: Body, prompt: int) -> Response | None:
    """404 for a model that is not listed, 400 for a prompt that does not fit."""
    known = server.options.models
    if known is not None and body.get("model") not in {one["id"] for one in known}:
        return error_response(404, f"The model `{body.get('model')}` does not exist.", "model_not_found")
    most = server.options.context_length
    if most is not None and prompt + (most_tokens(body) if "messages" in body else 0) > most:
        message = f"This model's maximum context length is {most} tokens. Please reduce the length."
        return error_response(400, message, "context_length_exceeded", "messages")
    return None


def models(server: "Server", name: str) -> Response:
    """All models, or one."""
    facts = {"max_model_len": server.options.context_length} if server.options.context_length else {}
    listed = server.options.models or [{"id": name or "test-teacher"}]
    rows = [{"object": "model", "created": chat.CREATED, "owned_by": "test", **facts, **row} for row in listed]
    if not name:
        return json_response({"object": "list", "data": rows})
    found = next((row for row in rows if row["id"] == name), None)
    if found is None:
        return error_response(404, f"The model '{name}' does not exist", "model_not_found", "model")
    return json_response(found)


def line(server: "Server", endpoint: str, body: Body) -> tuple[int, Body]:
    """The answer to a line of a batch: status and body."""
    raw = packed(body)
    server.statistics.batch_lines += 1
    if server.options.record:
        server.batch_requests.append(body)
    if refusal := unfit(server, body, 0):
        return refusal.status, Request("", "", {}, refusal.body).body
    if endpoint.endswith("embeddings"):
        made = embeddings.embedded(body, server.count)
    else:
        made = chat.completion(body, raw, prompt_tokens(body, server.count), server.count, partial(write, server))
    usage = made["usage"]
    server.statistics.pay(raw, usage["prompt_tokens"], usage.get("completion_tokens", 0))
    return 200, made


def reserved(server: "Server", body: Body) -> int:
    """The tokens that a line of a batch stands for in the queue."""
    return prompt_tokens(body, server.count) + most_tokens(body)
