"""Keys by the names of their variables, from the environment or the project's `.env`; and texts kept free of them.

A key is never put into the environment, so that no child process inherits it, and never stands in a file but `.env`.
"""

import base64
import json
import os
from pathlib import Path
from urllib.parse import quote, quote_plus

from raftune.errors import MissingExtra

DOTENV = ".env"
HIDDEN = "***"
SHORTEST = 6  # characters: "none" and the like are no secrets, and would be found in any text

_handed_out: set[str] = set()


class Keys:
    """The keys of a project; `folder` is where its `.env` lies, None for the environment alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = None if folder is None else folder / DOTENV
        self._file: dict[str, str] | None = None

    def value(self, name: str) -> str:
        """The value of a variable, "" where it is not set. Raises MissingExtra where `.env` cannot be read."""
        value = (os.environ.get(name) or self.file().get(name, "")).strip() if name else ""
        return self.secret(value)

    def secret(self, value: str) -> str:
        """The value itself, noted as one that no text may show."""
        if len(value) >= SHORTEST:
            _handed_out.add(value)
        return value

    def source(self, name: str) -> str:
        """Where a variable is set: "environment", ".env" or ""."""
        if os.environ.get(name):
            return "environment"
        return DOTENV if self.file().get(name) else ""

    def file(self) -> dict[str, str]:
        """The lines of `.env`, read once; what stands there is taken as it is, without ${...}."""
        if self._file is None:
            self._file = {} if self.path is None or not self.path.is_file() else read(self.path)
        return self._file


def read(path: Path) -> dict[str, str]:
    """The variables of a file of NAME=value lines. Raises MissingExtra."""
    try:
        from dotenv import dotenv_values
    except ImportError as error:
        raise MissingExtra(
            "There is a .env, but python-dotenv is not installed.", "Run: pip install 'raftune[endpoint]'"
        ) from error
    return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}


def redact(text: str) -> str:
    """A text without the keys that were handed out so far, in any form in which they may stand in logs."""
    for form in sorted({form for value in _handed_out for form in forms(value)}, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def forms(value: str) -> set[str]:
    """A key as it is, and as it stands in addresses, in JSON, in `repr`, and in a header of basic authentication."""
    return {
        value,
        quote(value, safe=""),
        quote_plus(value),
        json.dumps(value)[1:-1],
        repr(value)[1:-1],
        base64.b64encode(value.encode()).decode(),
    }
