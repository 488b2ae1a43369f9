"""A request as chat completions send it, by what the endpoint takes, and a completion read back.

What an endpoint takes is found out by its refusals and remembered: the schema as it is, the schema without its bounds,
a tool whose parameters are the schema, or the schema in words with and without JSON mode.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.digest import Json
from raftune.endpoints.explaining import codes_of, is_filtered, is_too_long, no_completion, words_of
from raftune.endpoints.memory import EndpointMemory

Way = Literal["schema", "bare schema", "tool", "JSON mode", "words"]

WAYS: tuple[Way, ...] = ("schema", "bare schema", "tool", "JSON mode", "words")
OPTIONAL = ("max_completion_tokens", "max_tokens", "temperature", "seed")
SCHEMA_WORDS = ("response_format", "json_schema", "guided", "grammar", "structured")
TOOL_WORDS = ("tools", "tool_choice", "function")
BOUNDS = ("minLength", "maxLength", "minItems", "maxItems", "pattern", "minimum", "maximum")
ASK_FOR_JSON = "Reply with one JSON object and nothing else. It has to match this JSON schema:\n"
TOOL = "reply"
ENDINGS = {
    "eos": "stop", "eos_token": "stop", "end_turn": "stop", "stop_sequence": "stop", "function_call": "tool_calls",
    "max_tokens": "length", "model_length": "length", "safety": "content_filter",
}  # fmt: skip
"""What some servers and gateways call an ending, and its name at OpenAI."""


@dataclass(frozen=True)
class Capability:
    """What an endpoint takes for a model: how a schema is sent, and the parameters that must not be."""

    way: Way = "schema"
    refused: frozenset[str] = frozenset()

    def joined(self, other: "Capability") -> "Capability":
        """What two requests found out, taken together."""
        return Capability(max(self.way, other.way, key=WAYS.index), self.refused | other.refused)


def capability_of(memory: EndpointMemory, place: str, model: str) -> Capability:
    """What is known about a model at an endpoint."""
    known = memory.recall(taken_by(place, model))
    way, refused = known.get("way"), known.get("refused")
    names = refused if isinstance(refused, list) else []
    return Capability(way if way in WAYS else "schema", frozenset(name for name in names if name in OPTIONAL))


def remember_capability(memory: EndpointMemory, place: str, model: str, capability: Capability) -> None:
    """Adds to what is known about a model at an endpoint; done once a request was answered, not before."""
    joined = capability_of(memory, place, model).joined(capability)
    note(memory, place, model, way=joined.way, refused=sorted(joined.refused))


def note(memory: EndpointMemory, place: str, model: str, **values: Json) -> None:
    """Remembers something about a model at an endpoint."""
    name = taken_by(place, model)
    memory.remember(name, {**memory.recall(name), **values})


def taken_by(place: str, model: str) -> str:
    """The name under which it is remembered what a model takes."""
    return f"{place} {model} takes"


def arguments_of(request: ChatRequest, capability: Capability) -> dict[str, Any]:
    """The body of a request."""
    limit = "max_completion_tokens" if "max_tokens" in capability.refused else "max_tokens"
    values = {"temperature": request.temperature, "seed": request.seed, limit: request.max_tokens}
    body = {
        "model": request.model,
        "messages": [message_of(message) for message in request.messages],
        **{name: value for name, value in values.items() if name not in capability.refused},
    }
    return body if request.reply_schema is None else body | guidance(body, request.reply_schema, capability.way)


def guidance(body: dict[str, Any], schema: dict[str, Json], way: Way) -> dict[str, Any]:
    """What is added to a body so that the reply has the form of a schema."""
    if way in {"words", "JSON mode"}:
        mode = {"response_format": {"type": "json_object"}} if way == "JSON mode" else {}
        return {"messages": with_schema_text(body["messages"], schema), **mode}
    if way == "tool":
        function = {"name": TOOL, "parameters": schema}
        choice = {"type": "function", "function": {"name": TOOL}}
        return {"tools": [{"type": "function", "function": function}], "tool_choice": choice}
    sent = without_bounds(schema) if way == "bare schema" else schema
    return {"response_format": {"type": "json_schema", "json_schema": {"name": TOOL, "strict": True, "schema": sent}}}


def without_bounds(schema: Any) -> Any:
    """A schema without lengths and patterns, which some endpoints do not know."""
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        kept = {name: without_bounds(value) for name, value in schema.items() if name not in BOUNDS}
        if isinstance(properties, Mapping):  # here the names are the document's, not the schema's
            kept["properties"] = {name: without_bounds(value) for name, value in properties.items()}
        return kept
    return [without_bounds(value) for value in schema] if isinstance(schema, list) else schema


def message_of(message: ChatMessage) -> dict[str, Any]:
    """A message as it is sent: one with pictures in parts, its text first."""
    if not message.images:
        return {"role": message.role, "content": message.content}
    pictures = [{"type": "image_url", "image_url": {"url": url}} for url in message.images]
    return {"role": message.role, "content": [{"type": "text", "text": message.content}, *pictures]}


def with_schema_text(messages: Sequence[dict[str, Any]], schema: dict[str, Json]) -> list[dict[str, Any]]:
    """The messages with the schema written into the system text."""
    text = ASK_FOR_JSON + json.dumps(schema, ensure_ascii=False)
    if messages and messages[0]["role"] == "system":
        return [{"role": "system", "content": f"{messages[0]['content']}\n\n{text}"}, *messages[1:]]
    return [{"role": "system", "content": text}, *messages]


def lesser(capability: Capability, error: Any, request: ChatRequest) -> Capability | None:
    """What is left to try after a 400: None where the error is about something else.

    A refusal that does not say what it is about is blamed on the schema.
    """
    if error.status_code not in {400, 422} or is_filtered(error) or is_too_long(error):
        return None
    named, words = str(error.param or ""), f"{error.param or ''} {words_of(error)}".lower()
    asked, last = request.reply_schema is not None, capability.way == WAYS[-1]
    if asked and not last and names_schema(error):
        return Capability(next_way(capability.way, words), capability.refused)
    known = next((name for name in OPTIONAL if name == named), None)
    if known is None and codes_of(error) & {"unsupported_parameter", "unsupported_value"}:
        known = next((name for name in OPTIONAL if name in words), None)
    if known and known not in capability.refused:
        return Capability(capability.way, capability.refused | {known})
    return Capability(next_way(capability.way, words), capability.refused) if asked and not last and not named else None


def names_schema(error: Any) -> bool:
    """Whether a refusal says that it is about the schema, or about the tool that carries it."""
    words = f"{error.param or ''} {words_of(error)}".lower()
    return any(word in words for word in (*SCHEMA_WORDS, *TOOL_WORDS))


def next_way(way: Way, words: str) -> Way:
    """The next way to send a schema; one without bounds is tried only where the refusal names a bound."""
    following = WAYS[WAYS.index(way) + 1]
    named = any(bound.lower() in words for bound in BOUNDS)
    return "tool" if following == "bare schema" and not named else following


def reply_of(body: Any, *, schema: bool) -> ChatReply:
    """The reply in a completion; one that cannot be used has no text and says why in `finish_reason`.

    Beside the endpoint's own reasons: "refusal", "tool call" (one that nobody asked for), "empty". `schema` says
    whether JSON was asked for. Raises Unavailable where the body is no completion, or one that nobody called finished.
    """
    try:
        choice = body["choices"][0]
        message, ending = choice["message"], str(choice["finish_reason"] or "").lower()
        text, calls = text_of(message.get("content")), list(message.get("tool_calls") or ())
        usage = body.get("usage") or {}
        read, written = int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise no_completion(told_in(body)) from error
    if not ending:
        raise no_completion("it has no finish_reason")
    reason = ENDINGS.get(ending, ending)
    if calls and not text.strip():
        text, reason = called(calls, reason, schema=schema)
    elif reason == "tool_calls":
        reason = "stop"
    if message.get("refusal"):
        text, reason = "", "refusal"
    if not text.strip() and reason == "stop":
        reason = "empty"
    text = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be stored
    return ChatReply(text=text, finish_reason=reason, prompt_tokens=read, completion_tokens=written)


def text_of(content: Any) -> str:
    """A message's content: text, parts of text, or nothing. Raises TypeError for anything else."""
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(parts_of(content))


def parts_of(content: Any) -> Iterator[str]:
    """The texts of a content in parts."""
    for part in content:
        text = part["text"]
        if not isinstance(text, str):
            raise TypeError("a part of the content is no text")
        yield text


def called(calls: Sequence[Any], reason: str, *, schema: bool) -> tuple[str, str]:
    """Text and finish reason of a reply by a tool call: the arguments of the tool that stands for the schema."""
    function = calls[0].get("function") if isinstance(calls[0], Mapping) else None
    called_by = function if isinstance(function, Mapping) else {}
    arguments = called_by.get("arguments")
    if isinstance(arguments, Mapping):  # some servers send them as they are, not as a text
        arguments = json.dumps(arguments, ensure_ascii=False)
    if not schema or called_by.get("name") != TOOL or not isinstance(arguments, str) or not arguments.strip():
        return "", "tool call"
    return arguments, "stop" if reason == "tool_calls" else reason


def told_in(body: Any) -> str:
    """What a gateway says that reports an error as if all were well."""
    error = body.get("error") if isinstance(body, Mapping) else None
    message = error.get("message") if isinstance(error, Mapping) else error
    return str(message or "")
