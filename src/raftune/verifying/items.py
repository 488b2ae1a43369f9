"""Items under the names answer_1, answer_2, ...: how they are shown to a model, and how its reply is read."""

import re
from collections.abc import Sequence
from typing import Any

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.errors import BadReply
from raftune.prompts import prompt_text
from raftune.records import Language
from raftune.teaching.replies import content_of

NUMBER = re.compile(r"\D*(\d{1,2})\D*")
TOKENS_PER_ITEM, MARGIN = 120, 60


def items_request(
    model: str, prompt: str, language: Language, items: Sequence[str], passage: str = "", choices: Sequence[str] = ()
) -> ChatRequest:
    """One request about all items; each is answered by a text, or by one of `choices`."""
    lines = [f"answer_{number}: {item}" for number, item in enumerate(items, 1)]
    shown = [f"<PASSAGE>\n{passage}\n</PASSAGE>\n"] if passage else []
    text = (
        {"type": "string", "enum": list(choices)} if choices else {"type": "string", "minLength": 1, "maxLength": 300}
    )
    names = [f"answer_{number}" for number in range(1, len(items) + 1)]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": dict.fromkeys(names, text),
        "required": names,
        "additionalProperties": False,
    }
    messages = (
        ChatMessage(role="system", content=prompt_text(prompt, language)),
        ChatMessage(role="user", content="\n".join([*shown, *lines])),
    )
    tokens = TOKENS_PER_ITEM * len(items) + MARGIN
    return ChatRequest(model=model, messages=messages, max_tokens=tokens, reply_schema=schema)


def texts_in(reply: ChatReply, count: int) -> list[str | None]:
    """The text for each item, None where the reply has none. Raises BadReply where there is none at all.

    Names may be spelt otherwise ("Answer 1", "1"), texts may stand in a list or inside objects.
    """
    content = content_of(reply)
    texts: list[str | None] = [None] * count
    for number, value in numbered(content):
        if 1 <= number <= count and texts[number - 1] is None:
            texts[number - 1] = text_of(value)
    if not any(texts):
        raise BadReply("The reply answers none of the questions.", "Use a teacher that supports JSON schemas.")
    return texts


def numbered(content: Any) -> list[tuple[int, Any]]:
    """The values of an object or list with their numbers; one that is wrapped in another object is taken out."""
    if isinstance(content, list):
        return list(enumerate(content, 1))
    pairs = content.items() if isinstance(content, dict) else ()
    found = [(int(match.group(1)), value) for key, value in pairs if (match := NUMBER.fullmatch(key))]
    if not found and isinstance(content, dict) and len(content) == 1:
        inner = next(iter(content.values()))
        return numbered(inner) if isinstance(inner, dict | list) else []
    return found


def text_of(value: Any) -> str | None:
    """The text of a value: a string, a number, yes or no, or the `answer` of an object."""
    if isinstance(value, dict):
        value = value.get("answer", value.get("final"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return " ".join(str(value).split()) or None
    return None
