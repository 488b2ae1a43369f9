"""The card of an export: card.json for programs, README.md for people and for the Hugging Face hub."""

import json
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from raftune.digest import Json
from raftune.exporters import LISTS, MESSAGES, NUMBERS
from raftune.records import Language

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
TEXT, NUMBER = {"dtype": "string"}, {"dtype": "int64"}
MESSAGE = [{"name": "role", **TEXT}, {"name": "content", **TEXT}]


def card_text(card: Json) -> str:
    """card.json."""
    return json.dumps(card, ensure_ascii=False, indent=2) + "\n"


def readme(card: dict[str, Any], language: Language, columns: tuple[str, ...]) -> str:
    """README.md in a language: what `datasets` reads first, then the card's facts as tables."""
    template = environment().from_string(resource("card.md.jinja"))
    words = tomllib.loads(resource(f"card.{language}.toml"))
    head = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front_matter(card, columns).items()]
    return template.render(card=card, words=words, head=head)


def front_matter(card: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Json]:
    """What the hub and `datasets.load_dataset` read; a file with a byte-order mark is none of theirs."""
    rows = card["counts"]["rows"]
    facts: dict[str, Json] = {
        "pretty_name": card["origin"]["name"],
        "language": sorted(card["counts"]["languages"]),
        "task_categories": ["question-answering", "text-generation"],
        "tags": ["raft", "rag"],
        "size_categories": [next((name for size, name in SIZES if rows < size), "n>1M")],
    }
    if not card["byte_order_mark"]:
        paths: dict[str, list[str]] = {}
        for file in card["data"]:
            paths.setdefault(file["split"], []).append(file["name"])
        splits = [{"split": split, "path": names} for split, names in paths.items()]
        facts["configs"] = [{"config_name": "default", "data_files": splits}]
    if columns:
        facts["dataset_info"] = {"features": [feature(name) for name in columns]}
    return facts


def feature(name: str) -> Json:
    """The type of a column, stated since a column that is empty in one file would get another type there."""
    if name in MESSAGES:
        return {"name": name, "list": MESSAGE}
    if name in LISTS:
        return {"name": name, "list": "string"}
    return {"name": name, **(NUMBER if name in NUMBERS else TEXT)}


@cache
def environment() -> Environment:
    """Templates of plain text; a name one asks for in vain is an error."""
    made = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)  # noqa: S701 - Markdown and settings, no HTML
    made.filters["cell"] = cell
    made.filters["thousands"] = lambda number: f"{number:,}"
    made.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)
    return made


def cell(text: str) -> str:
    """A text that stays in its cell of a table: no line ends, no bars, no marks of HTML."""
    plain = " ".join(str(text).split())
    return plain.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")


@cache
def resource(name: str) -> str:
    """A text file of this folder."""
    return (files(__package__) / name).read_text(encoding="utf-8")
