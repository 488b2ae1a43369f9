"""What the server writes: for the same request always the same, of the schema asked for, and true to the passage.

Questions leave out a piece of a sentence; so answers are verbatim, and a second request about the same question finds
the same answer.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from zlib import crc32

from tests.servers.openai.blanks import Blank, blanks_of, filled, language_of
from tests.servers.openai.wire import compact

NUMBERED = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
QUESTION = re.compile(r"^(?:question|Question|질문): (.+)$", re.MULTILINE)
ITEM = re.compile(r"^(answer_\d+): (.*)$", re.MULTILINE)
SENTENCE = re.compile(r"(?<=[.!?])\s+")
SCHEMA = re.compile(r"\{\s*\"type\": ?\"object\"|\{\s*\"properties\":")
SHOWN = 200
HOW_MANY = re.compile(r"generate (\d+)\s(?:\w+\s)?questions", re.IGNORECASE)


@dataclass(frozen=True)
class Shown:
    """What a request shows: all its text, and the lines of its passage by their numbers."""

    text: str
    lines: dict[int, str]

    @cached_property
    def language(self) -> str:
        return language_of("".join(self.lines.values()))

    @cached_property
    def record(self) -> int:
        """A number that hardly any other passage has."""
        return crc32("\n".join(self.lines.values()).encode()) % 100_000


def shown(body: dict[str, Any]) -> Shown:
    """The user's texts of a request."""
    text = "\n".join(text for message in body["messages"] if message["role"] != "system" for text in texts(message))
    passage = between(text, "<PASSAGE", "</PASSAGE>").partition(">\n")[2]
    lines = {int(number): line for number, line in NUMBERED.findall(passage)}
    return Shown(text, lines or dict(enumerate(SENTENCE.split(passage), 1)))


def between(text: str, start: str, end: str) -> str:
    """What stands between two marks, or nothing."""
    first = text.find(start)
    last = text.find(end, first)
    return text[first + len(start) : last].rstrip() if -1 < first < last else ""


def texts(message: dict[str, Any]) -> Iterator[str]:
    content = message.get("content") or ""
    if isinstance(content, str):
        yield content
    else:
        yield from (part["text"] for part in content if part.get("type") == "text")


def schema_of(body: dict[str, Any]) -> dict[str, Any] | None:
    """The schema asked for: by response_format, by a tool, or in the words of the prompt."""
    wanted = body.get("response_format") or {}
    if wanted.get("type") == "json_schema":
        return dict(wanted["json_schema"]["schema"])
    if body.get("tools"):
        return dict(body["tools"][0]["function"].get("parameters", {}))
    for message in body["messages"]:
        for text in texts(message):
            for match in SCHEMA.finditer(text):
                try:
                    return dict(json.JSONDecoder().raw_decode(text, match.start())[0])
                except ValueError:
                    continue
    return None


def reply_text(body: dict[str, Any]) -> str:
    """The text of the reply to a chat request."""
    schema = schema_of(body)
    if schema is None:
        if (body.get("response_format") or {}).get("type") == "json_object":
            return '{"answer":"yes"}'
        return plain_reply(body)
    return compact(filled_in(schema, shown(body)))


def plain_reply(body: dict[str, Any]) -> str:
    """Without a schema: as many questions as are asked for, or a reasoned answer, in words of what was shown."""
    everything = "\n".join(text for message in body["messages"] for text in texts(message))
    words = shown(body).text.split()
    if wanted := HOW_MANY.search(everything):
        starts = (number * 7 % max(1, len(words) - 14) for number in range(1, int(wanted[1]) + 1))
        return "\n".join(f"What does the record say about {' '.join(words[start : start + 14])}?" for start in starts)
    return f"##Reason: {' '.join(words[-140:])} <ANSWER>: {' '.join(words[-8:])}"


def filled_in(schema: dict[str, Any], given: Shown) -> Any:
    """A value of the schema's shape."""
    properties = schema.get("properties", {})
    if "question" in properties.get("items", {}).get("items", {}).get("properties", {}):
        return {"items": items_about(properties["items"], given)}
    if properties and all(name.startswith("sentence_") for name in properties):
        return {name: about_line(part, given, int(name[9:])) for name, part in properties.items()}
    if properties and all(name.startswith("answer_") for name in properties):
        return {name: checked(part, name, given) for name, part in properties.items()}
    asked = QUESTION.search(given.text)
    if asked and "answer" in properties:
        return answer_to(properties, asked.group(1), given)
    return anything(schema, schema)


def items_about(items: dict[str, Any], given: Shown) -> list[dict[str, Any]]:
    """Questions about different lines, as far as they reach."""
    fields = items["items"]["properties"]
    kinds = re.findall(r"[a-z]+", (re.search(r"^kinds: (.*)$", given.text, re.MULTILINE) or [""])[0])[1:]
    allowed = fields.get("quotes", {}).get("items", {}).get("enum", list(given.lines))
    count = items.get("minItems", len(allowed))
    flat = list(islice(in_turn([number for number in allowed if number in given.lines], given), count))
    flat += [(0, Blank("", ""))] * (count - len(flat))
    return [
        item_of(fields, number, blank, given, kinds[place] if place < len(kinds) else "fact")
        for place, (number, blank) in enumerate(flat)
    ]


def in_turn(numbers: list[int], given: Shown) -> Iterator[tuple[int, Blank]]:
    """A question about each line, then a second one about each, and so on."""
    open_lines = [(number, blanks_of(given.lines[number], given.record, given.language)) for number in numbers]
    while open_lines:
        left = []
        for number, blanks in open_lines:
            if (blank := next(blanks, None)) is not None:
                yield number, blank
                left.append((number, blanks))
        open_lines = left


def item_of(fields: dict[str, Any], number: int, blank: Blank, given: Shown, kind: str = "fact") -> dict[str, Any]:
    """An item with the fields asked for, in their order."""
    known = {
        "kind": kind,
        "quotes": [number] if number else [],
        "question": blank.question,
        "reasoning": shortened(given.lines.get(number, "")),
        "answer": blank.answer,
    }
    return {name: known[name] if name in known else anything(part, part) for name, part in fields.items()}


def about_line(part: dict[str, Any], given: Shown, number: int) -> dict[str, Any]:
    """The item of a sentence."""
    blank = next(blanks_of(given.lines.get(number, ""), given.record, given.language), Blank("", ""))
    return item_of(part["properties"], number, blank, given)


def answer_to(fields: dict[str, Any], question: str, given: Shown) -> dict[str, Any]:
    """One answer; none where the passage has none."""
    numbers = list(given.lines)
    found = filled(question, list(given.lines.values()))
    if found is None:
        return item_of(fields, 0, Blank(question, ""), given)
    return item_of(fields, numbers[found[0]], Blank(question, found[1]), given)


def checked(part: dict[str, Any], name: str, given: Shown) -> str:
    """What a verifier is told about an answer."""
    if "enum" in part:
        return str(part["enum"][0])
    if not given.lines or given.lines == {1: ""}:
        return "unknown"
    question = dict(ITEM.findall(given.text)).get(name, "")
    passage = "\n".join(given.lines.values())
    found = filled(question, [*passage.splitlines(), passage])
    return found[1] if found else "not stated"


def shortened(text: str) -> str:
    """The beginning of a line, in whole words."""
    return text if len(text) <= SHOWN else text[:SHOWN].rpartition(" ")[0]


def anything(schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """The simplest value of a schema."""
    if "$ref" in schema:
        return anything(root.get("$defs", {})[schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        return anything(schema["anyOf"][0], root)
    if "enum" in schema or "const" in schema:
        return schema.get("enum", [schema.get("const")])[0]
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: anything(part, root) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [anything(schema.get("items", {"type": "string"}), root)] * max(1, schema.get("minItems", 1))
    return {"string": "yes", "integer": schema.get("minimum", 1), "number": 1.0, "boolean": True, "null": None}[kind]
