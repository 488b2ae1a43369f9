"""An action of the ledger, and its row in the file: JSON with a checksum, so that damage is seen."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from raftune.digest import Json, canonical_json

COLUMNS = "key, kind, origin, stage, model, prompt_tokens, completion_tokens, dollars, time, sha, request, result"
READ = COLUMNS.replace("request, result", "CAST(request AS BLOB), CAST(result AS BLOB)")  # bytes need not be UTF-8
MOST_TOKENS = 1 << 53
TOKENS = ("prompt_tokens", "completion_tokens")

Row = tuple[str | int | float | None, ...]


@dataclass(frozen=True)
class Action:
    """What was asked and what came of it; `dollars` is None where the price is not known, `origin` "run" or "import".

    `time` (UTC, ISO 8601) is when it was committed; the ledger sets it.
    """

    key: str
    kind: str
    request: Json
    result: Json
    origin: str = "run"
    stage: str = ""
    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    dollars: float | None = None
    time: str = ""


@dataclass(frozen=True)
class Wanted:
    """Which actions are meant, "" for any: `start` begins the key, `before` is a time (ISO 8601, UTC)."""

    kind: str = ""
    model: str = ""
    stage: str = ""
    origin: str = ""
    start: str = ""
    before: str = ""

    @property
    def where(self) -> str:
        """The condition in SQL, its values by name."""
        equal = [f"{name} = :{name}" for name in ("kind", "model", "stage", "origin") if getattr(self, name)]
        start = ["substr(key, 1, length(:start)) = :start"] if self.start else []
        before = ["time < :before"] if self.before else []
        return " AND ".join([*equal, *start, *before]) or "TRUE"


def row_of(action: Action) -> Row:
    """An action as the file holds it. Raises ValueError for what is no JSON."""
    result = packed(action.result)
    return (
        action.key,
        action.kind,
        action.origin,
        action.stage,
        action.model,
        min(action.prompt_tokens, MOST_TOKENS),
        min(action.completion_tokens, MOST_TOKENS),
        action.dollars,
        datetime.now(UTC).isoformat(timespec="seconds"),
        checksum(result.encode()),
        packed(action.request),
        result,
    )


def action_of(row: tuple[Any, ...]) -> Action:
    """A row as it was READ. Raises ValueError where the disk damaged it."""
    key, kind, origin, stage, model, read, written, dollars, time, sha, request, result = row
    values = unpacked(request), checked(result, sha)
    return Action(key, kind, *values, origin, stage, model, read, written, dollars, time)


def packed(value: Json) -> str:
    """Canonical JSON that can be written as UTF-8: half of a surrogate pair, as cut streams hold, is escaped."""
    text = canonical_json(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text


def unpacked(data: bytes) -> Json:
    """The value of a JSON text. Raises ValueError."""
    return json.loads(data.decode())


def checked(data: bytes, sha: str | None) -> Json:
    """The value of a result whose checksum is right, or was not known yet when it was written. Raises ValueError."""
    if sha is not None and checksum(data) != sha:
        raise ValueError("the checksum differs")
    return unpacked(data)


def checksum(data: bytes) -> str:
    """16 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()[:16]


def imported(line: Json, kind: str) -> Action:
    """A line of an exported file. Raises KeyError or TypeError where it is none."""
    key, request, result = line["key"], line["request"], line["result"]
    if not isinstance(key, str):
        raise TypeError("the key is no text")
    reply = result if isinstance(result, dict) else {}
    model = request.get("model", "") if isinstance(request, dict) else ""
    read, written = (count if isinstance(count, int) else 0 for count in map(reply.get, TOKENS))
    return Action(key, kind, request, result, "import", "", str(model), read, written)
