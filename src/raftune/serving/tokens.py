"""The tokens of the service: from an environment variable, or one of its own in a file that only its owner reads."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from raftune.endpoints.keys import Keys
from raftune.errors import ConfigError

SHORTEST = 16
PRIVATE = 0o600


@dataclass(frozen=True)
class Tokens:
    """The tokens, and where they come from: the name of a variable, or a file."""

    values: tuple[str, ...] = field(repr=False)
    source: str


def find_tokens(keys: Keys, variable: str, path: Path) -> Tokens:
    """The tokens in the variable, else the one in the file at `path`, which is made where there is none.

    Raises ConfigError for one that is too short to be a secret.
    """
    if values := tuple(keys.value(variable).split()):
        if any(len(value) < SHORTEST for value in values):
            raise ConfigError(
                f"A token in {variable} has fewer than {SHORTEST} characters.", "Make one with: openssl rand -hex 32"
            )
        return Tokens(tuple(keys.secret(value) for value in values), variable)
    return Tokens((keys.secret(kept_token(path)),), str(path))


def kept_token(path: Path) -> str:
    """The token in a file. Raises ConfigError where it cannot be kept from others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, PRIVATE)
    except FileExistsError:
        return read_token(path)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        token = secrets.token_urlsafe(32)
        file.write(token + "\n")
    return token


def read_token(path: Path) -> str:
    """The token in a file that is there. Raises ConfigError where others may read it, or it holds none."""
    if path.is_symlink() or path.stat().st_mode & 0o077:
        raise ConfigError(f"Others may read the token in {path.name}.", "Delete that file; a new one is made.")
    token = path.read_text(encoding="ascii", errors="replace").strip()
    if len(token) < SHORTEST:
        raise ConfigError(f"There is no token in {path.name}.", "Delete that file; a new one is made.")
    return token
