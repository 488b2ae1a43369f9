"""The log of the service: one JSON object a line, without keys and without texts of requests."""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Any

from raftune.debugging import clean

LOGGERS = {"raftune": logging.INFO, "uvicorn": logging.WARNING}


class JsonLines(logging.Formatter):
    """Formats a record with the `fields` that it carries."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record. Of an exception it has the kind and the places, not its words: they may quote texts."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        row: dict[str, Any] = {
            "time": moment,
            "level": record.levelname.lower(),
            "message": record.getMessage().strip(),
        }
        row |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0]:
            row["exception"] = record.exc_info[0].__name__
            row["places"] = places(record.exc_info[2])
        return clean(json.dumps(row, ensure_ascii=False))


def places(trace: TracebackType | None) -> list[str]:
    """Where an exception passed, the innermost last."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def log_to(stream: IO[str]) -> None:
    """Writes the log to a stream from now on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    for name, level in LOGGERS.items():
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level)
