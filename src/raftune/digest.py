"""Canonical JSON and the content digests made from it: same content, same digest, on every machine."""

import hashlib
import json
from pathlib import Path
from typing import Any

# Any at the JSON edge only: what comes out of a parser has no narrower type.
Json = Any

ID_LENGTH = 20
KEY_LENGTH = 32
BLOCK_BYTES = 1 << 20


def canonical_json(value: Json) -> str:
    """JSON with sorted keys and no spare white space; raises ValueError for NaN and infinity."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(value: Json, length: int = KEY_LENGTH) -> str:
    """The first `length` hexadecimal digits of the SHA-256 of the canonical JSON of `value`."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()[:length]


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, 64 hexadecimal digits, read block by block."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            sha.update(block)
    return sha.hexdigest()
