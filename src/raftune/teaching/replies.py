"""JSON out of what a teacher wrote. Only what cannot change a meaning is mended; all else is named and refused."""

from typing import Any

from raftune.contracts import ChatReply
from raftune.errors import BadReply
from raftune.loose_json import json_values, refuses, without_thought

SHOWN = 200  # characters of a reply in a fault's detail


def content_of(reply: ChatReply) -> Any:
    """The JSON object or list in a reply: after a thought, inside a fence or prose, with commas too many.

    Raises BadReply: "cut off", "content filter" or "unfinished" by how it ended, "empty reply", "refusal", "no JSON".
    """
    check_ending(reply)
    text = without_thought(reply.text)
    if not text:
        raise BadReply("The teacher's reply is empty.", "Try another teacher.", "empty reply")
    values = json_values(text)
    if len(values) > 1 and all(isinstance(value, dict) and "question" in value for value in values):
        return values
    if values:
        return max(values, key=lambda value: len(str(value)))
    if refuses(text):
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
