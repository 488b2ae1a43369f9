"""Chat completions: made by the teacher, cut at their room, as one object or as a stream of events."""

from collections.abc import AsyncIterator, Callable
from hashlib import blake2b
from typing import Any

from tests.servers.openai.counting import Counter, most_tokens
from tests.servers.openai.teacher import reply_text
from tests.servers.openai.wire import EVENTS, Response, json_response, packed

Body = dict[str, Any]
CREATED = 1_760_000_000
PIECE = 40  # characters of an event


def completion(body: Body, raw: bytes, prompt: int, count: Counter, write: Callable[[Body], str] = reply_text) -> Body:
    """A completion for a prompt of so many tokens; equal bytes of the request give equal bytes of the reply."""
    text, room = write(body), most_tokens(body)
    used = count(text)
    reason = "stop"
    if used > room:
        text, used, reason = text[: max(1, len(text) * room // used)], room, "length"
    message: Body = {"role": "assistant", "content": text, "refusal": None}
    forced = body.get("tools") and body.get("tool_choice") not in (None, "none", "auto")
    if forced and reason == "stop":
        message = {"role": "assistant", "content": None, "tool_calls": [tool_call(body, text)]}
    return {
        "id": f"chatcmpl-{blake2b(raw, digest_size=12).hexdigest()}",
        "object": "chat.completion",
        "created": CREATED,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": used, "total_tokens": prompt + used},
    }


def tool_call(body: Body, arguments: str) -> Body:
    """A call of the first tool."""
    name = body["tools"][0]["function"]["name"] if body.get("tools") else "search"
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


def reply(body: Body, made: Body) -> Response:
    """A completion as the request wants it."""
    if not body.get("stream"):
        return json_response(made)
    usage = bool((body.get("stream_options") or {}).get("include_usage"))
    return Response(media_type=EVENTS, parts=streamed([event(part) for part in parts_of(made, usage=usage)]))


def parts_of(made: Body, *, usage: bool) -> list[Body]:
    """The chunks of a completion; the stream's end is not among them."""
    head: Body = {name: made[name] for name in ("id", "created", "model") if name in made}
    head["object"] = "chat.completion.chunk"
    choice = made["choices"][0]
    message = choice["message"]
    content = message.get("content") or ""
    deltas: list[Body] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": content[at : at + PIECE]} for at in range(0, len(content), PIECE)]
    if message.get("refusal"):
        deltas.append({"refusal": message["refusal"]})
    if message.get("tool_calls"):
        deltas.append({"tool_calls": [{"index": 0, **message["tool_calls"][0]}]})
    found = [{**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    found.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
    return [*found, {**head, "choices": [], "usage": made["usage"]}] if usage else found


def event(part: Body) -> bytes:
    """A chunk as a server-sent event."""
    return b"data: " + packed(part) + b"\n\n"


async def streamed(events: list[bytes], end: bytes = b"data: [DONE]\n\n") -> AsyncIterator[bytes]:
    """The events and the mark of the end."""
    for one in events:
        yield one
    yield end
