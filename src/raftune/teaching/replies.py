"""JSON out of what a teacher wrote. Only what cannot change a meaning is mended; all else is named and refused."""

import json
import re
from typing import Any

from raftune.contracts import ChatReply
from raftune.errors import BadReply

THOUGHT = re.compile(r"^.*</think(?:ing)?>|<think(?:ing)?>.*$", re.DOTALL | re.IGNORECASE)
OPENING = re.compile(r"[{\[]")
STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
REFUSAL = re.compile(
    r"\b(?:I(?:['’]m| am) (?:sorry|afraid|unable|not able)|I (?:can ?not|can['’]t|won['’]t|will not|must decline)"
    r"|(?:sorry|apologi[sz]e), (?:but )?I\b|as an AI\b)"
    r"|죄송(?:합니다|하지만)|(?:도와|답변|제공|작성)[가-힣 ]{0,8}(?:수 없|어렵)",
    re.IGNORECASE,
)
SHOWN = 200  # characters of a reply in a fault's detail


def content_of(reply: ChatReply) -> Any:
    """The JSON object or list in a reply: after a thought, inside a fence or prose, with commas too many.

    Raises BadReply: "cut off", "content filter" or "unfinished" by how it ended, "empty reply", "refusal", "no JSON".
    """
    check_ending(reply)
    text = THOUGHT.sub("", reply.text).strip()
    if not text:
        raise BadReply("The teacher's reply is empty.", "Try another teacher.", "empty reply")
    values = json_values(text)
    if len(values) > 1 and all(isinstance(value, dict) and "question" in value for value in values):
        return values
    if values:
        return max(values, key=lambda value: len(str(value)))
    if REFUSAL.search(text):
        raise BadReply(f"The teacher refused: {text[:SHOWN]}", "Look at the passage.", "refusal")
    raise BadReply(
        f"The teacher's reply is not the JSON asked for: {text[:SHOWN]}",
        "Use a teacher that supports JSON schemas.",
        "no JSON",
    )


def check_ending(reply: ChatReply) -> None:
    """Raises BadReply for a reply that did not end by itself: what is in it may be half a sentence."""
    reasons = {"length": "cut off", "content_filter": "content filter"}
    if reply.finish_reason != "stop":
        raise BadReply(
            f"The teacher's reply ended by {reply.finish_reason!r}.",
            "Ask for fewer questions a passage.",
            reasons.get(reply.finish_reason, "unfinished"),
        )


def json_values(text: str) -> list[Any]:
    """The objects and lists of a text that are not part of another one."""
    decoder = json.JSONDecoder(strict=False)
    text = STRING_OR_COMMA.sub(lambda match: match.group(1) or "", text)
    values, start = [], 0
    while opening := OPENING.search(text, start):
        try:
            value, start = decoder.raw_decode(text, opening.start())
        except (ValueError, RecursionError):
            start = opening.end()
        else:
            values.append(value)
    return [value for value in values if holds_object(value)]


def holds_object(value: Any) -> bool:
    """Whether a value is an object with fields, or a list of such."""
    return (isinstance(value, dict) and bool(value)) or (isinstance(value, list) and any(map(holds_object, value)))


def items_in(content: Any) -> list[Any]:
    """The items of a reply: its list, however that is wrapped. Raises BadReply "wrong shape"."""
    if isinstance(content, dict) and "question" not in content:
        lists = [value for value in content.values() if isinstance(value, list)]
        if len(lists) == 1:
            return list(lists[0])
        if content and all(isinstance(value, dict) for value in content.values()):
            return list(content.values())
    if isinstance(content, dict) and "question" in content:
        return [content]
    if isinstance(content, list):
        return content
    raise BadReply(
        "The teacher's reply has no list of items.", "Use a teacher that supports JSON schemas.", "wrong shape"
    )


def fields_in(item: Any) -> dict[str, Any]:
    """An item's fields. Raises BadReply "wrong shape" for what is no object."""
    if isinstance(item, dict):
        return item
    raise BadReply(f"An item is no object: {str(item)[:SHOWN]}", "Use another teacher.", "wrong shape")


def text_in(fields: dict[str, Any], name: str, missing: str | None = None) -> str:
    """A field's text on one line; a number becomes its figures. Raises BadReply "wrong shape" for anything else.

    An absent field is `missing`, or where that is None a fault too.
    """
    value = fields.get(name, missing)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadReply(f"An item has no text for {name!r}.", "Use another teacher.", "wrong shape")
    return " ".join(value.split())
