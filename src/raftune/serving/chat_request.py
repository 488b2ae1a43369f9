"""The form of a request to /v1/chat/completions, and what of it is refused because no model here does it."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from raftune.contracts import ChatMessage
from raftune.digest import Json
from raftune.serving.refusals import UNSUPPORTED, Refusal

MOST_STOPS = 4
MOST_ALTERNATIVES = 20


def text_of(content: object) -> object:
    """The text of a message: a string, or a list of text parts joined by line feeds."""
    if not isinstance(content, list):
        return content
    texts = []
    for part in content:
        if not isinstance(part, dict) or not isinstance(part.get("text"), str) or part.get("type") != "text":
            raise PydanticCustomError(UNSUPPORTED, "only parts of the type text can be read")
        texts.append(part["text"])
    return "\n".join(texts)


def stops_of(stop: object) -> object:
    """Up to four strings, none of them empty."""
    stops = [stop] if isinstance(stop, str) else stop or []
    if not isinstance(stops, list) or not all(isinstance(text, str) and text for text in stops):
        raise PydanticCustomError("invalid_type", "it has to be a string or a list of strings, none of them empty")
    if len(stops) > MOST_STOPS:
        raise PydanticCustomError("invalid_value", "there may be four at most")
    return stops


def nothing(value: Any) -> Any:
    """Raises for anything but what stands for nothing: null, 0, an empty list."""
    if value:
        raise PydanticCustomError(UNSUPPORTED, "no model of this service does this")
    return value


def encodable(value: Any) -> Any:
    """Raises for text that holds half a letter: JSON can write one, UTF-8 and tokenizers cannot."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("invalid_value", "it holds half a letter (a lone surrogate)") from None
    return value


class Strict(BaseModel):
    """Wrong types are refused, fields that are not known are not looked at."""

    model_config = ConfigDict(strict=True, extra="ignore")


Unsupported = Annotated[Any, AfterValidator(nothing)]


class Message(Strict):
    """A message of text."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[str, BeforeValidator(text_of), AfterValidator(encodable)]


class NamedSchema(Strict):
    """A JSON schema under a name."""

    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    rules: Annotated[dict[str, Any] | None, AfterValidator(encodable)] = Field(default=None, alias="schema")


class ResponseFormat(Strict):
    """What form the text has to have."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: NamedSchema | None = None

    @model_validator(mode="after")
    def has_schema(self) -> Self:
        """Raises where the schema is missing."""
        if self.type == "json_schema" and self.json_schema is None:
            raise PydanticCustomError("missing_required_parameter", "json_schema is missing")
        return self

    def schema_to_follow(self) -> Mapping[str, Json] | None:
        """The schema, None for any text."""
        if self.type == "text":
            return None
        return (self.json_schema.rules if self.json_schema else None) or {"type": "object"}


class StreamOptions(Strict):
    """What a stream tells beside the text."""

    include_usage: bool | None = None


class ChatQuery(Strict):
    """A request for the next message of a conversation."""

    model: str
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    seed: int | None = None
    n: int | None = Field(default=None, ge=1)
    stop: Annotated[list[str], BeforeValidator(stops_of), AfterValidator(encodable)] = []
    logprobs: bool | None = None
    top_logprobs: int | None = Field(default=None, ge=0, le=MOST_ALTERNATIVES)
    response_format: ResponseFormat | None = None
    tools: Unsupported = None
    functions: Unsupported = None
    audio: Unsupported = None
    web_search_options: Unsupported = None
    frequency_penalty: Unsupported = None
    presence_penalty: Unsupported = None
    logit_bias: Unsupported = None

    @property
    def most_tokens(self) -> int | None:
        """How long the text may be, None where the request does not say."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def schema_to_follow(self) -> Mapping[str, Json] | None:
        """The JSON schema of the text, None for any text."""
        return self.response_format.schema_to_follow() if self.response_format else None

    def conversation(self) -> tuple[ChatMessage, ...]:
        """The messages as a model reads them."""
        roles = {"developer": "system"}
        rows = [{"role": roles.get(one.role, one.role), "content": one.content} for one in self.messages]
        return tuple(ChatMessage.model_validate(row) for row in rows)

    def question(self) -> str:
        """The last message of the user. Raises Refusal where there is none."""
        asked = next((one.content.strip() for one in reversed(self.messages) if one.role == "user"), "")
        if not asked:
            raise Refusal(400, "There is no question: the last message of the user is empty.", param="messages")
        return asked

    def check(self, most_choices: int) -> None:
        """Raises Refusal for fields that do not go together, or `n` above `most_choices`."""
        if self.n and self.n > most_choices:
            raise Refusal(400, f"n may be {most_choices} at most.", param="n", code="invalid_value")
        if self.top_logprobs is not None and not self.logprobs:
            raise Refusal(400, "top_logprobs needs logprobs.", param="top_logprobs", code="invalid_value")
        if self.stream_options is not None and not self.stream:
            raise Refusal(400, "stream_options needs stream.", param="stream_options", code="invalid_value")

    def check_reader(self) -> None:
        """Raises Refusal for what cannot be asked of a model that reads documents: its replies have their own form."""
        asked = {"logprobs": self.logprobs, "stop": self.stop, "response_format": self.schema_to_follow}
        for param in (name for name, value in asked.items() if value):
            raise Refusal(400, f"A model that reads documents does not take {param}.", param=param, code=UNSUPPORTED)
