"""Descriptions of programming interfaces in JSON, JSON lines or OpenAPI -> a document for each endpoint.

Other JSON is read the same way: a document for each object of a list, or one for the whole.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from raftune.errors import DocumentError
from raftune.reading.decoding import MOST_BYTES, decode_text, decode_whole
from raftune.reading.joining import join_blocks
from raftune.reading.outlines import fields, listed, says, storable
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page

BEGINNING = re.compile(r'\s*(?:\{\s*"|\{\s*\}|\[\s*[\[{"\]]|\[\s*(?:-?\d[\d.]*|true|false|null)\s*[,\]])')
LINES_ENDINGS = (".jsonl", ".ndjson")
ENDINGS = (".json", *LINES_ENDINGS)
TITLES = ("title", "api_name", "name", "heading", "question", "summary", "api_call", "id")
METHODS = frozenset(["get", "put", "post", "delete", "options", "head", "patch", "trace"])
MOST_BROKEN = 0.5


class ApiReader:
    """Reads JSON and JSON lines."""

    media_type = "application/json"

    def accepts(self, path: Path, head: bytes) -> bool:
        """Text that begins like JSON, and whose first line is JSON or which is named so."""
        text = decode_text(head, cut=True)
        if text is None or not BEGINNING.match(text):
            return False
        return path.suffix.lower() in ENDINGS or is_json(text.strip().split("\n")[0]) or is_json_file(path)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:  # noqa: ARG002
        """A document for each object, `part` its line or its place in the list from 1.

        A broken line among good ones is left out, and the document after it (or else before it) has a warning. Raises
        DocumentError: "damaged" where the file is no JSON or half of its lines are none, "too large", "no text".
        """
        text = text_of(path)
        try:
            readings = of_value(json.loads(text), path.stem)
        except (ValueError, RecursionError) as error:
            if "\n" not in text.strip():
                raise damaged(path.name, error) from error
            readings = of_lines(text.split("\n"), path)
        found = False
        for reading in readings:
            found = True
            yield reading
        if not found:
            raise DocumentError(f"{path.name} holds no text.", "Remove it.", "no text")


def text_of(path: Path) -> str:
    """The file's text. Raises DocumentError."""
    if path.stat().st_size > 4 * MOST_BYTES:
        raise DocumentError(f"{path.name} is over {4 * MOST_BYTES >> 20} MB.", "Split it.", "too large")
    decoded = decode_whole(path.read_bytes())
    if decoded is None:
        raise DocumentError(f"{path.name} is not text throughout.", "Save it again as UTF-8.", "damaged")
    return decoded.text


def damaged(name: str, error: Exception) -> DocumentError:
    """The error for a file that is no JSON."""
    return DocumentError(f"{name} is no JSON ({error}).", "Export it again.", "damaged")


def is_json(text: str) -> bool:
    """Whether a text is JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def is_json_file(path: Path) -> bool:
    """Whether a whole file of a bearable size is JSON."""
    if path.stat().st_size > MOST_BYTES:
        return False
    decoded = decode_whole(path.read_bytes())
    return decoded is not None and is_json(decoded.text)


def of_value(value: Any, stem: str) -> Iterator[Reading]:
    """The documents in a JSON value: one for each object of a list, or of the one list that an object is there for."""
    endpoints = list(operations(value)) if isinstance(value, dict) else []
    if endpoints:
        yield from of_items(endpoints, stem)
        return
    items, rest = items_of(value)
    if items:
        if rest and (reading := one_reading(rest, stem, "")):
            yield reading
        yield from of_items(items, stem)
    elif reading := one_reading(value, stem, ""):
        yield reading


def of_items(items: Iterable[Any], stem: str) -> Iterator[Reading]:
    """A document for each item that says anything."""
    for number, item in enumerate(items, 1):
        if reading := one_reading(item, stem, str(number)):
            yield reading


def items_of(value: Any) -> tuple[list[Any], dict[str, Any]]:
    """The objects that a value lists, and what an object says beside its list; none where it is no such value."""
    if isinstance(value, list):
        return (value, {}) if value and all(isinstance(item, dict) for item in value) else ([], {})
    if not isinstance(value, dict):
        return [], {}
    lists = {key: items_of(inner)[0] for key, inner in value.items() if isinstance(inner, list)}
    nested = [key for key, inner in value.items() if isinstance(inner, dict)]
    if len(lists) == 1 and not nested and len(items := next(iter(lists.values()))) > 1 and not titled(value):
        return items, {key: inner for key, inner in value.items() if key not in lists}
    return [], {}


def titled(value: dict[str, Any]) -> bool:
    """Whether an object is a thing of its own, with a title, not a wrapper around a list."""
    return any(isinstance(value.get(key), str) for key in ("title", "api_name", "name", "heading"))


def operations(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The endpoints of an OpenAPI or Swagger description."""
    paths = value.get("paths")
    if not isinstance(paths, dict) or not {"openapi", "swagger"} & value.keys():
        return
    for path, methods in paths.items():
        for method, operation in methods.items() if isinstance(methods, dict) else ():
            if method.lower() in METHODS and isinstance(operation, dict):
                yield {"title": f"{method.upper()} {path}", **operation}


def of_lines(lines: Iterable[str], path: Path) -> Iterator[Reading]:
    """A document for each line that is JSON. Raises DocumentError "damaged" before the first where half are not."""
    values, broken = parsed(lines)
    if len(broken) > MOST_BROKEN * (len(values) + len(broken)):
        raise DocumentError(f"{path.name} is no JSON in most of its lines.", "Export it again.", "damaged")
    readings = [reading for number, value in values if (reading := one_reading(value, path.stem, str(number)))]
    ends = [int(reading.part) for reading in readings]
    for index, reading in enumerate(readings):
        before = ends[index - 1] if index else 0
        following = ends[index] if index < len(ends) - 1 else float("inf")
        near = [number for number in broken if before < number < following]
        yield with_warnings(reading, tuple(f"line {number} is no JSON and left out" for number in near))


def parsed(lines: Iterable[str]) -> tuple[list[tuple[int, Any]], list[int]]:
    """The lines' values by their numbers from 1, and the numbers of those that are no JSON."""
    values, broken = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            values.append((number, json.loads(line)))
        except (ValueError, RecursionError):
            broken.append(number)
    return values, broken


def with_warnings(reading: Reading, warnings: tuple[str, ...]) -> Reading:
    """A document of one page with warnings."""
    if not warnings:
        return reading
    pages = [PageReading(page.page.changed(warnings=warnings)) for page in reading.pages]
    return Reading(reading.title, pages, reading.count, reading.part)


def one_reading(value: Any, stem: str, part: str) -> Reading | None:
    """A value as a document, or None where it says nothing."""
    title_key = next((key for key in TITLES if isinstance(value, dict) and says(value.get(key))), None)
    title = " ".join(storable(str(value[title_key])).split()) if title_key else stem
    blocks = fields(value, title_key) if isinstance(value, dict) else listed(value)
    if not blocks and title_key is None:
        return None
    page = Page(number=1, text=storable(join_blocks([f"# {title}", *blocks] if title_key else blocks)))
    return Reading(title, [PageReading(page)], part=part)


plug = ApiReader()
