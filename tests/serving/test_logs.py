"""The log is JSON, a line a record, without keys and without the words of exceptions."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest

from raftune.endpoints.keys import Keys
from raftune.serving.logs import LOGGERS, JsonLines, log_to


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = {name: (logging.getLogger(name).handlers[:], logging.getLogger(name).level) for name in LOGGERS}
    yield
    for name, (handlers, level) in before.items():
        logging.getLogger(name).handlers[:] = handlers
        logging.getLogger(name).setLevel(level)


def test_lines() -> None:
    stream = io.StringIO()
    log_to(stream)
    key = Keys().secret("a-token-that-nobody-may-see")
    logging.getLogger("raftune.serving").info("one %s", key, extra={"fields": {"status": 200, "route": "/v1/모델"}})
    logging.getLogger("uvicorn.error").info("not of interest")
    (line,) = stream.getvalue().splitlines()
    row = json.loads(line)
    assert (row["message"], row["status"], row["route"], row["level"]) == ("one ***", 200, "/v1/모델", "info")
    assert row["time"].endswith("+00:00")


def test_an_exception_has_places_but_no_words() -> None:
    try:
        int("a passage of a document")
    except ValueError:
        record = logging.LogRecord("raftune", logging.ERROR, "x.py", 1, "It failed.", (), sys.exc_info())
    row = json.loads(JsonLines().format(record))
    assert row["exception"] == "ValueError"
    assert "test_an_exception" in row["places"][-1]
    assert "a passage" not in str(row)
