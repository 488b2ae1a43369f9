"""What all recipes put into a request: the instructions by language, with style and kinds, and a guided reply."""

from collections.abc import Mapping, Sequence
from typing import Any

from raftune.contracts import ChatMessage, ChatRequest, Passage
from raftune.prompts import prompt_text
from raftune.records import Language
from raftune.teaching.lessons import Manner

MARGIN = 80
Schema = dict[str, Any]


def instructions(prompt: str, language: Language, manner: Manner, reasoning: str = "") -> str:
    """A prompt's text with the list of kinds where it asks for it, a reasoning where one is wanted, and the style.

    `reasoning` names the prompt that asks for a reasoning; it goes before the answer.
    """
    text = prompt_text(prompt, language).replace("{kinds}", prompt_text("kinds", language))
    if manner.reasoning and reasoning:
        text = text.replace("\nanswer:", f"\n{prompt_text(reasoning, language)}\nanswer:", 1)
    return f"{text}\n\n{prompt_text('style', language).replace('{style}', manner.style)}" if manner.style else text


def chat_request(
    manner: Manner, system: str, user: str, schema: Schema, tokens: int, passage: Passage | None = None
) -> ChatRequest:
    """A request for a reply of that schema and length in tokens."""
    messages = (ChatMessage(role="system", content=system), ChatMessage(role="user", content=user))
    return ChatRequest(model=manner.model, messages=messages, max_tokens=tokens, reply_schema=schema, passage=passage)


def object_of(properties: Mapping[str, Schema]) -> Schema:
    """The schema of an object that has all these properties and no other."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def text_of(longest: int) -> Schema:
    """The schema of a text that is not empty; `longest` in characters."""
    return {"type": "string", "minLength": 1, "maxLength": longest}


def one_of(values: Sequence[str | int]) -> Schema:
    """The schema of one of some values."""
    return {"type": "string" if isinstance(values[0], str) else "integer", "enum": list(dict.fromkeys(values))}


def list_of(schema: Schema, least: int, most: int) -> Schema:
    """The schema of a list."""
    return {"type": "array", "items": schema, "minItems": least, "maxItems": most}


def items_of(item: Schema, count: int) -> Schema:
    """The schema of a reply with so many items."""
    return object_of({"items": list_of(item, count, count)})
