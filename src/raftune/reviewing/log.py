"""The log of decisions: JSON lines, newest last. Lines are only ever added; what a crash cut short is passed over."""

import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from raftune.artifact import Artifact, in_memory
from raftune.errors import ConfigError
from raftune.records import Decision

log = logging.getLogger(__name__)
BLOCK = 1 << 16  # bytes that are looked at for the beginning of the last line


def list_decisions(path: Path) -> Artifact[Decision]:
    """People's decisions in the order they were made; none where there is no file.

    A last line that a crash cut short is passed over with a warning. Raises ConfigError naming any other line that is
    not a decision.
    """
    data = path.read_bytes() if path.exists() else b""
    whole, tail = split_tail(data, path.name)
    if tail:
        log.warning("%s ends in a line that was cut short; it is passed over: %s", path.name, shown(tail))
    # Not str.splitlines: it also splits at characters such as U+2028, which may stand inside a JSON text.
    lines = whole.split(b"\n")
    rows = [decision_of(line, f"{path.name} line {number}") for number, line in enumerate(lines, 1) if line.strip()]
    return in_memory("decisions", Decision, rows)


def append_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Adds decisions to the log: one write, forced to disk, while no other writer is at it.

    A process killed in that write leaves whole lines and at most one cut short, which the next writer takes out.
    Raises ConfigError where the file cannot be written.
    """
    lines = "".join(json.dumps(row_of(decision), ensure_ascii=False) + "\n" for decision in decisions)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            lock(descriptor)
            end = last_line(file)
            file.seek(end)
            whole, tail = split_tail(file.read(), path.name)
            if tail:
                log.warning("%s ended in a line that was cut short; it is taken out: %s", path.name, shown(tail))
            file.seek(end + len(whole))
            file.truncate()
            file.write((b"" if not whole or whole.endswith(b"\n") else b"\n") + lines.encode())
            os.fsync(descriptor)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error.strerror}).", "Check its permissions.") from error


def last_line(file: IO[bytes]) -> int:
    """Where the last line without a line feed begins, which is the file's end where there is none."""
    position = file.seek(0, os.SEEK_END)
    while position:
        begin = max(0, position - BLOCK)
        file.seek(begin)
        found = file.read(position - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        position = begin
    return 0


def decisions_after(path: Path, position: int, most: int) -> tuple[list[Decision], int]:
    """At most so many decisions from a byte of the log on, and the byte behind them; lines that are not whole wait.

    Raises ConfigError naming a line that is not a decision by its place.
    """
    found: list[Decision] = []
    if not path.exists():
        return found, position
    with path.open("rb") as file:
        file.seek(position)
        for line in file:
            if len(found) == most or not line.endswith(b"\n"):
                break
            if line.strip():
                found.append(decision_of(line, f"{path.name}, the line at byte {position},"))
            position += len(line)
    return found, position


def lock(descriptor: int) -> None:
    """Waits until no other process writes to the file; given back when it is closed."""
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_EX)


def split_tail(data: bytes, name: str) -> tuple[bytes, bytes]:
    """The log's whole lines, and what a crash left of the last one.

    A last line without a line feed that is a decision all the same was written by hand: it is whole.
    """
    end = data.rfind(b"\n") + 1
    tail = data[end:]
    if not tail.strip():
        return data[:end], b""
    try:
        decision_of(tail, name)
    except ConfigError:
        return data[:end], tail
    return data, b""


def decision_of(line: bytes, place: str) -> Decision:
    """One line of the log. Raises ConfigError naming `place`."""
    try:
        fields = json.loads(line.decode("utf-8-sig"))
        return Decision.model_validate({key: value for key, value in fields.items() if key != "id"})
    except (ValueError, AttributeError) as error:
        raise ConfigError(f"{place} is not a decision.", "Mend or remove that line.") from error


def row_of(decision: Decision) -> dict[str, object]:
    """A decision as it stands in the log: without the fields that were not given."""
    return decision.model_dump(mode="json", exclude_none=True)


def shown(tail: bytes) -> str:
    """The beginning of a line for a message."""
    return tail[:60].decode("utf-8", "replace")
