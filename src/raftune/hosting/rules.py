"""Checks a chat file against a provider's rules, before it is uploaded. Nothing is sent anywhere."""

import codecs
import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

from raftune.digest import Json
from raftune.errors import ConfigError

Provider = Literal["openai", "azure"]
Fault = tuple[str, str]

ROW_KEYS = {"messages", "tools", "functions", "parallel_tool_calls"}
MESSAGE_KEYS = {"role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call", "refusal"}
ROLES = ("system", "developer", "user", "assistant", "tool", "function")
AROUND_MESSAGE, AROUND_ROW = 3, 3  # tokens, by the providers' own way to count
WRITE_AGAIN = "Write the file again with `raftune export chat`."


class Problem(NamedTuple):
    """What a provider would refuse or cut: the line from 1, or 0 for the whole file."""

    file: str
    line: int
    what: str
    advice: str


def find_problems(
    file: Path,
    provider: Provider,
    *,
    training: bool = True,
    model: str | None = None,
    count: Callable[[str], int] | None = None,
) -> Iterator[Problem]:
    """Everything wrong with a file for a provider, the whole file's faults last.

    With `model` and `count` (tokens of a text) rows longer than the model reads are found; the count is about right
    where `count` is not by the model's own tokenizer. A validation file may have fewer rows than a training file.
    Raises ConfigError for a model whose limit is not known.
    """
    rules = rules_of(provider)
    limit = token_limit(model) if model is not None else None
    rows = 0
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            rows += 1
            text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            for what, advice in [*row_faults(text), *length_faults(text, limit, count)]:
                yield Problem(file.name, number, what, advice)
    for what, advice in file_faults(file, rules, rows, training=training):
        yield Problem(file.name, 0, what, advice)


@cache
def rules_of(name: str) -> dict[str, Any]:
    """A section of the dated list of rules."""
    rules = tomllib.loads((files(__package__) / "providers.toml").read_text(encoding="utf-8"))
    found: dict[str, Any] = rules[name]
    return found


def token_limit(model: str) -> int:
    """How many tokens one row may have. Raises ConfigError where that is not known."""
    limits = rules_of("tokens")
    fitting = [name for name in limits if model.startswith(name)]
    if not fitting:
        raise ConfigError(
            f"It is not known how many tokens a training row of {model} may have.",
            f"Known are: {', '.join(sorted(limits))}; leave --model out to skip this check.",
        )
    return int(limits[max(fitting, key=len)])


def file_faults(file: Path, rules: dict[str, Any], rows: int, *, training: bool) -> Iterator[Fault]:
    """What is wrong with the file as a whole."""
    if training and rows < rules["rows"]:
        yield f"it has {rows} rows, and {rules['rows']} is the least", "Add documents, or ask more about each passage."
    if (size := file.stat().st_size) >= rules["bytes"]:
        yield (
            f"it has {size:,} bytes, and less than {rules['bytes']:,} may be uploaded",
            "Show fewer distractors, or draw documents fewer times.",
        )
    with file.open("rb") as opened:
        marked = opened.read(3) == codecs.BOM_UTF8
    if marked != rules["mark"]:
        word, option = ("lacks the", "with") if rules["mark"] else ("begins with a", "without")
        yield f"it {word} byte-order mark", f"Export it again {option} --bom."


def row_faults(line: bytes) -> Iterator[Fault]:
    """What is wrong with the form of a row."""
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        yield "it is not UTF-8", WRITE_AGAIN
        return
    except ValueError:
        yield "it is not JSON", WRITE_AGAIN
        return
    if not isinstance(row, dict) or not isinstance(row.get("messages"), list) or not row["messages"]:
        yield "it has no list of messages", WRITE_AGAIN
        return
    if unknown := sorted(row.keys() - ROW_KEYS):
        yield f"it has a field {unknown[0]!r} that is not known", "Take that field out."
    for place, message in enumerate(row["messages"], 1):
        yield from ((f"message {place} {what}", advice) for what, advice in message_faults(message))
    yield from order_faults([message.get("role") for message in row["messages"] if isinstance(message, dict)])


def message_faults(message: Json) -> Iterator[Fault]:
    """What is wrong with one message."""
    if not isinstance(message, dict):
        yield "is no object", WRITE_AGAIN
        return
    if unknown := sorted(message.keys() - MESSAGE_KEYS):
        yield f"has a field {unknown[0]!r} that is not known", "Take that field out."
    if message.get("role") not in ROLES:
        yield f"has the role {message.get('role')!r}", "Use system, user and assistant."
    content = message.get("content")
    calls = message.get("tool_calls") or message.get("function_call")
    if not calls and (not isinstance(content, str) or not content.strip()):
        yield "has no text", "Leave that row out."


def order_faults(roles: Sequence[Json]) -> Iterator[Fault]:
    """What is wrong with the order of roles."""
    if "user" not in roles:
        yield "nobody asks anything", "Add a message of the user."
    if not roles or roles[-1] != "assistant":
        yield "its last message is not the assistant's", "End the row with the answer to learn."
    if any(role in ("system", "developer") for role in roles[1:]):
        yield "a system message does not stand first", "Move it to the beginning."


def length_faults(line: bytes, limit: int | None, count: Callable[[str], int] | None) -> Iterator[Fault]:
    """Whether a row is longer than the model reads. A row that has no messages has been found already."""
    if limit is None or count is None:
        return
    try:
        contents = [str(message["content"]) for message in json.loads(line)["messages"]]
    except (ValueError, KeyError, TypeError):
        return
    tokens = AROUND_ROW + sum(AROUND_MESSAGE + 1 + count(content) for content in contents)
    if tokens > limit:
        yield f"it has about {tokens:,} tokens, and {limit:,} are read", "Show fewer or shorter documents."
