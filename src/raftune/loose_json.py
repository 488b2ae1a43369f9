"""JSON out of what a model wrote: after a thought, inside a fence or prose, with a comma too many."""

import json
import re
from collections.abc import Iterable
from typing import Any

THOUGHT = re.compile(r"^.*</think(?:ing)?>|<think(?:ing)?>.*$", re.DOTALL | re.IGNORECASE)
DEEPEST = 40
OPENING = re.compile(r"[{\[]")
REFUSAL = re.compile(
    r"\b(?:I(?:['’]m| am) (?:sorry|afraid|unable|not able)|I (?:can ?not|can['’]t|won['’]t|will not|must decline)"
    r"|(?:sorry|apologi[sz]e), (?:but )?I\b|as an AI\b)"
    r"|죄송(?:합니다|하지만)|(?:도와|답변|제공|작성)[가-힣 ]{0,8}(?:수 없|어렵)",
    re.IGNORECASE,
)
STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)


def without_thought(text: str) -> str:
    """A reply without what the model thought before it; nothing, where the thought has no end."""
    return THOUGHT.sub("", text).strip()


def refuses(text: str) -> bool:
    """Whether a reply without JSON says that the model will not or cannot do what it was asked for."""
    return REFUSAL.search(text) is not None


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
    return [value for value in values if is_shallow(value) and holds_object(value)]


def is_shallow(value: Any) -> bool:
    """Whether a value is nested no deeper than anything that was asked for: others would end the reader's stack."""
    layer = [value]
    for _ in range(DEEPEST):
        layer = [inner for one in layer for inner in inside(one)]
        if not layer:
            return True
    return False


def inside(value: Any) -> Iterable[Any]:
    """The values of an object or list."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def holds_object(value: Any) -> bool:
    """Whether a value is an object with fields, or a list of such."""
    return (isinstance(value, dict) and bool(value)) or (isinstance(value, list) and any(map(holds_object, value)))
