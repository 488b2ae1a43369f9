"""Any OpenAI-compatible endpoint, by the openai SDK: OpenAI, Azure's v1 endpoint, vLLM, Ollama, llama.cpp's server."""

import json
from typing import Any

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.digest import Json
from raftune.endpoint import Endpoint, import_sdk, row_fault
from raftune.errors import BadReply, ProviderError

OPTIONAL = ("response_format", "max_completion_tokens", "max_tokens", "temperature", "seed")
SCHEMA_WORDS = ("response_format", "json_schema", "guided", "grammar", "structured")
ASK_FOR_JSON = "Reply with one JSON object and nothing else. It has to match this JSON schema:\n"


class OpenAIModel:
    """Chat completions of an endpoint. What it refuses (a schema, a parameter) is found out once and remembered."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._refused: dict[str, frozenset[str]] = {}

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply, with the endpoint's finish_reason. Raises Unavailable, ProviderError or BadReply."""
        openai = import_sdk()
        refused = self._refused.get(request.model, frozenset())
        while True:
            arguments = arguments_of(request, refused)
            try:
                completion = await self.endpoint.open(openai).chat.completions.create(**arguments)
            except openai.OpenAIError as error:
                name = refused_parameter(error, request)
                if name not in arguments:
                    raise self.endpoint.explain(openai, error, request.model) from error
                refused |= {name}
            else:
                self._refused[request.model] = refused
                return reply_of(completion)

    def close(self) -> None:
        """Closes the connections; inside a running event loop, as soon as that gets to it."""
        self.endpoint.close()


def arguments_of(request: ChatRequest, refused: frozenset[str]) -> dict[str, Any]:
    """What is sent: the request without what the endpoint refused."""
    limit = "max_completion_tokens" if "max_tokens" in refused else "max_tokens"
    messages = [message_of(message) for message in request.messages]
    arguments: dict[str, Any] = {"temperature": request.temperature, "seed": request.seed, limit: request.max_tokens}
    if request.reply_schema is not None and "response_format" in refused:
        messages = with_schema_text(messages, request.reply_schema)
    elif request.reply_schema is not None:
        schema = {"name": "reply", "strict": True, "schema": request.reply_schema}
        arguments["response_format"] = {"type": "json_schema", "json_schema": schema}
    taken = {name: value for name, value in arguments.items() if name not in refused}
    return {"model": request.model, "messages": messages, **taken}


def message_of(message: ChatMessage) -> dict[str, Any]:
    """A message as it is sent: one with pictures in parts, its text first."""
    if not message.images:
        return {"role": message.role, "content": message.content}
    pictures = [{"type": "image_url", "image_url": {"url": url}} for url in message.images]
    return {"role": message.role, "content": [{"type": "text", "text": message.content}, *pictures]}


def refused_parameter(error: Any, request: ChatRequest) -> str | None:
    """The parameter that a 400 is about; one that does not say what it is about is blamed on the JSON schema."""
    if getattr(error, "status_code", None) not in {400, 422} or row_fault(error):
        return None
    named, words = str(error.param or ""), f"{error.param or ''} {error.message}".lower()
    if any(word in words for word in SCHEMA_WORDS):
        return "response_format"
    if named in OPTIONAL:
        return named
    if error.code in {"unsupported_parameter", "unsupported_value"}:
        return next((name for name in OPTIONAL if name in words), None)
    return "response_format" if request.reply_schema is not None and not named else None


def with_schema_text(messages: list[dict[str, Any]], schema: dict[str, Json]) -> list[dict[str, Any]]:
    """The messages with the schema written into the system text."""
    text = ASK_FOR_JSON + json.dumps(schema, ensure_ascii=False)
    if messages and messages[0]["role"] == "system":
        return [{"role": "system", "content": f"{messages[0]['content']}\n\n{text}"}, *messages[1:]]
    return [{"role": "system", "content": text}, *messages]


def reply_of(completion: Any) -> ChatReply:
    """The reply in a completion. Raises BadReply when it is filtered, refused or empty."""
    try:
        choice = completion.choices[0]
        text, reason = choice.message.content or "", choice.finish_reason or "stop"
        refusal = getattr(choice.message, "refusal", None)
    except (AttributeError, IndexError, TypeError) as error:
        raise ProviderError(
            "The endpoint's answer is no chat completion.", "Check that the address ends in /v1."
        ) from error
    if reason == "content_filter":
        raise BadReply("The endpoint's content filter held the reply back.", "Look at the passage.", "content filter")
    if refusal or not text.strip():
        raise BadReply("The model gave an empty reply.", "Try another model or allow longer replies.", "empty reply")
    usage = completion.usage
    return ChatReply(
        text=text.encode("utf-8", "replace").decode("utf-8"),  # half a surrogate pair cannot be stored
        finish_reason=reason,
        prompt_tokens=getattr(usage, "prompt_tokens", 0) or 0,
        completion_tokens=getattr(usage, "completion_tokens", 0) or 0,
    )


def plug(base_url: str | None, key_variable: str, timeout: float = 120.0) -> OpenAIModel:
    """The model behind an endpoint."""
    return OpenAIModel(Endpoint(base_url, key_variable, timeout))
