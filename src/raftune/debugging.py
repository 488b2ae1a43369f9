"""The log of `raftune --debug`, and what is told of errors that nobody expected. Neither shows a key.

What is written is cleaned as a whole, after logging has put message, values and traceback together: so nothing gets
past it inside a value or an exception.
"""

import logging
import os
import platform
import re
import traceback
from io import TextIOWrapper
from logging.handlers import MemoryHandler, RotatingFileHandler
from pathlib import Path
from typing import cast

from raftune import __version__
from raftune.endpoints.keys import HIDDEN, Keys, redact

FILE = "debug.log"
MOST_BYTES = 10_000_000
OLDER = 2
WAITING = 10_000  # records that are kept until it is known in which project they belong
LOGGERS = ("raftune", "openai", "httpx2")
FORMAT = "%(asctime)s.%(msecs)03d %(levelname)-7s %(name)s: %(message)s"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
SHOWN = 200  # characters of an error's own words
SECRETS = (
    (re.compile(r"://[^\s\"'<>]*@"), f"://{HIDDEN}@"),
    (
        re.compile(
            r"([?&;][\w.-]*(?:key|token|secret|passw(?:or)?d|signature|sig|code)=)[^&;#\s\"'<>]+", re.IGNORECASE
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\bsk-[\w-]{12,}"), HIDDEN),
)
"""What looks like a secret, though no key of that value was handed out: one that was written into the wrong place."""


def clean(text: str) -> str:
    """A text without keys, and without what looks like one."""
    text = redact(text)
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


class CleanFormatter(logging.Formatter):
    """Formats a record, traceback and all, then takes the keys out."""

    def format(self, record: logging.LogRecord) -> str:
        """The cleaned lines of a record."""
        return clean(super().format(record))


class PrivateFile(RotatingFileHandler):
    """A log of bounded size that only its owner may read: it holds passages of the documents."""

    def _open(self) -> TextIOWrapper:
        opened = open(  # noqa: SIM115 - the handler closes it; only open() takes an opener
            self.baseFilename, self.mode, encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)
        )
        os.fchmod(opened.fileno(), 0o600)
        return cast("TextIOWrapper", opened)


class DebugLog:
    """What is logged from now on, kept until `write_to` says where it belongs."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self._handler = MemoryHandler(WAITING, flushLevel=logging.CRITICAL + 1, flushOnClose=False)
        for proxy in filter(None, map(os.environ.get, PROXIES)):
            Keys().secret(proxy.rpartition("@")[0].rpartition(":")[2])
        for name in LOGGERS:
            logger = logging.getLogger(name)
            logger.setLevel(logging.DEBUG)
            logger.addHandler(self._handler)
            logger.propagate = False
        logging.getLogger("raftune").info("raftune %s, Python %s", __version__, platform.python_version())

    def write_to(self, path: Path) -> None:
        """Writes to a file from now on, what was kept first. A folder that cannot be written to gets no log."""
        if self.path is not None:
            return
        try:
            path.parent.mkdir(exist_ok=True)
            file = PrivateFile(path, maxBytes=MOST_BYTES, backupCount=OLDER)
        except OSError:
            return
        file.setFormatter(CleanFormatter(FORMAT, "%Y-%m-%d %H:%M:%S"))
        self._handler.setTarget(file)
        self._handler.flush()
        self._handler.capacity = 1  # each line is on disk before the program can end
        self.path = path

    def close(self) -> None:
        """Writes what is left, and logs no more."""
        for name in LOGGERS:
            logger = logging.getLogger(name)
            logger.removeHandler(self._handler)
            logger.setLevel(logging.NOTSET)
            logger.propagate = True
        target = self._handler.target
        self._handler.flush()
        self._handler.close()
        if target is not None:
            target.close()


def unexpected(error: BaseException, log: DebugLog | None) -> str:
    """What is told of an error that nobody expected: with a log the traceback, without values of variables."""
    told = clean(f"{type(error).__name__}: {' '.join(str(error).split())}"[: 10 * SHOWN])[:SHOWN].rstrip(": ")
    if log is None:
        return f"raftune: Something unexpected happened ({told}).\n         Run again with --debug to see where.\n"
    trace = clean("".join(traceback.format_exception(error)))
    logging.getLogger("raftune").critical("ended by %s", told, exc_info=error)
    where = f"The log is {log.path}." if log.path else "No project was open, so no log was written."
    return f"{trace}raftune: Something unexpected happened ({told}).\n         {where}\n"


def ended(error: BaseException) -> None:
    """Logs an error that was expected, by the places it came through: its causes may hold the settings' texts."""
    frames = "".join(traceback.format_exception(error, chain=False))
    logging.getLogger("raftune").error("ended by an error\n%s", frames.rstrip())
