"""Values of JSON -> blocks of Markdown that a person can read; what says nothing ("", null, "N/A") is left out."""

import json
import re
from typing import Any

CODE = re.compile(r"(?:^|_)(?:code|snippet|example_code|script|sql)$", re.IGNORECASE)
NOTHING = frozenset(["", "n/a", "na", "none", "null", "-"])
DEEPEST = 30


def says(value: Any) -> bool:
    """Whether a value is a word or number."""
    return (isinstance(value, str) and value.strip().lower() not in NOTHING) or type(value) is int


def fields(value: dict[str, Any], title_key: str | None) -> list[str]:
    """An object's fields: short ones on a line each, then code, long texts and lists; what says nothing is left out."""
    blocks: list[str] = []
    lines: list[str] = []
    for key, inner in value.items():
        if key == title_key:
            continue
        if CODE.search(key) and (code := code_of(inner)):
            blocks, lines = [*blocks, *paragraph(lines), f"{key}:\n\n```\n{code}\n```"], []
        elif (text := scalar(inner)) is not None:
            if "\n" in text:
                blocks, lines = [*blocks, *paragraph(lines), f"{key}:\n\n{text}"], []
            elif text:
                lines.append(f"{key}: {text}")
        elif nested := outline(inner, 0):
            blocks, lines = [*blocks, *paragraph(lines), f"{key}:\n\n" + "\n".join(nested)], []
    return [*blocks, *paragraph(lines)]


def paragraph(lines: list[str]) -> list[str]:
    """Lines as one block, or no block."""
    return ["\n".join(lines)] if lines else []


def listed(value: Any) -> list[str]:
    """A value that is no object."""
    text = scalar(value)
    return ["\n".join(outline(value, 0))] if text is None and outline(value, 0) else [text] if text else []


def code_of(value: Any) -> str:
    """Code that is a text or a list of lines; "" where it is neither or says nothing."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "\n".join(value)
    is_code = isinstance(value, str) and value.strip().lower() not in NOTHING
    return value.strip("\n").replace("```", "'''") if is_code else ""


def scalar(value: Any) -> str | None:
    """A word or number as text, "" where it says nothing; None for lists and objects."""
    if isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "" if value is None else storable(str(value)).strip()
    return "" if text.lower() in NOTHING else re.sub(r"\r\n?", "\n", text)


def storable(text: str) -> str:
    """A text without what JSON can say but no file can keep: half a pair of surrogates, NUL."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def outline(value: Any, depth: int) -> list[str]:
    """Lists and objects as nested items, each on a line."""
    if depth > DEEPEST:
        return [f"{'  ' * depth}- {json.dumps(value, ensure_ascii=False)}"]
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    lines: list[str] = []
    for key, inner in pairs:
        mark = f"{'  ' * depth}- " + ("" if key is None else f"{key}:")
        text = scalar(inner)
        if text:
            lines.append(f"{mark} {' '.join(text.split())}" if key is not None else mark + " ".join(text.split()))
        elif text is None and (nested := outline(inner, depth + 1)):
            lines += (
                [mark.rstrip(), *nested]
                if key is not None
                else merged_item(mark, nested, named=isinstance(inner, dict))
            )
    return lines


def merged_item(mark: str, nested: list[str], *, named: bool) -> list[str]:
    """An item without a name: what it holds begins on its own line, as an item of its own unless it has a name."""
    first = nested[0].lstrip()
    return [mark + (first.removeprefix("- ") if named else first), *nested[1:]]
