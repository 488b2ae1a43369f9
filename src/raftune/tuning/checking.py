"""Whether files can be trained on: the rules of the hosted services, in their codes, before a job starts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from raftune.hosting.rules import row_faults
from raftune.records import Conversation, Turn
from raftune.tuning.uploads import rows_in

LEAST_ROWS = 10
SHOWN = 3


class Fault(NamedTuple):
    """Why a job fails, in the form of its `error`."""

    code: str
    message: str
    param: str


def fault_of(path: Path, param: str, count: Callable[[Conversation], int], context: int) -> Fault | None:
    """What is wrong with a file, or None. `count` gives the tokens of a conversation, of which `context` are read.

    A training file has at least 10 rows; a validation file at least one.
    """
    faults, rows = [], 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not text.strip():
                continue
            rows += 1
            faults += [f"line {number}: {what}" for what, _ in [*row_faults(text), *calls_in(text), *weights_in(text)]]
            if len(faults) >= SHOWN:
                break
    if faults:
        return Fault("invalid_training_file", f"The file has faults: {'; '.join(faults[:SHOWN])}.", param)
    least = LEAST_ROWS if param == "training_file" else 1
    if rows < least:
        message = f"The file has {rows} example(s), but must have at least {least}."
        return Fault("invalid_n_examples", message, param)
    return too_long(path, param, count, context)


def calls_in(line: bytes) -> list[tuple[str, str]]:
    """Whether a row holds calls of tools, which local models are not tuned for."""
    try:
        row = json.loads(line)
        used = row.get("tools") or row.get("functions") or any("tool_calls" in one for one in row["messages"])
    except (ValueError, AttributeError, KeyError, TypeError):
        return []  # such a row has another fault
    return [("it calls tools, which is not supported here", "Leave it out.")] if used else []


def weights_in(line: bytes) -> list[tuple[str, str]]:
    """Whether a weight is none that the API knows."""
    try:
        weights = [one.get("weight", 1) for one in json.loads(line)["messages"]]
    except (ValueError, AttributeError, KeyError, TypeError):
        return []  # such a row has another fault
    wrong = [weight for weight in weights if weight not in (0, 1)]
    return [(f"a weight is {str(wrong[0])[:20]!r}, and only 0 and 1 are known", "Correct it.")] if wrong else []


def too_long(path: Path, param: str, count: Callable[[Conversation], int], context: int) -> Fault | None:
    """Names the rows that are longer than the model reads: nothing is ever cut."""
    long = [row.source for row in conversations(path) if count(row) > context]
    if not long:
        return None
    names = ", ".join(long[:SHOWN]) + (", ..." if len(long) > SHOWN else "")
    message = f"{len(long)} rows are longer than the {context} tokens that the model reads: {names}."
    return Fault("invalid_training_file", message, param)


def conversations(path: Path) -> list[Conversation]:
    """The rows of a file that was checked."""
    return [
        Conversation(
            source=f"line {number}",
            turns=tuple(
                Turn(role=str(one["role"]), text=str(one["content"]), weight=float(str(one.get("weight", 1))))
                for one in row["messages"]
            ),
        )
        for number, row in enumerate(rows_in(path), 1)
    ]
