"""Files as blocks of rows that can be worked on side by side, and the split that each file stands for."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raftune.errors import ConfigError
from raftune.models.extras import optional

BLOCK = 4_000_000  # bytes
ROWS = 500
LARGEST_ARRAY = 500_000_000  # bytes of a JSON file that is one array: it has to be read whole
SUFFIXES = (".jsonl", ".json", ".ndjson", ".parquet")
SPLITS = {"train": "train", "training": "train", "validation": "validation", "valid": "validation", "val": "validation",
          "dev": "validation", "test": "test", "testing": "test", "eval": "test", "evaluation": "test"}  # fmt: skip
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Block:
    """Rows of a file from line (or row) `first`: `size` bytes of lines from `start`, or parsed `rows`."""

    path: Path
    name: str
    split: str
    first: int
    start: int = 0
    size: int = 0
    rows: tuple[Any, ...] = ()

    def parsed(self) -> Iterator[tuple[int, Any]]:
        """Each row with its number from 1; a ValueError in place of a line that is no JSON."""
        if self.rows:
            yield from enumerate(self.rows, self.first)
            return
        with self.path.open("rb") as file:
            file.seek(self.start)
            lines = file.read(self.size).removeprefix(BYTE_ORDER_MARK).split(b"\n")
        for number, line in enumerate(lines, self.first):
            if line.strip():
                yield number, parse(line)


def parse(line: bytes) -> Any:
    """A line as JSON, or a ValueError that says why it is none."""
    try:
        return json.loads(line)
    except UnicodeDecodeError:
        return ValueError("not in UTF-8")
    except (ValueError, RecursionError):
        return ValueError("not JSON")


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files that were named, and those below the folders that were. Raises ConfigError where there is none."""
    found: list[Path] = []
    for path in paths:
        below = sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES) if path.is_dir() else []
        if not below and not path.is_file():
            what = "holds no JSON or Parquet file" if path.is_dir() else "does not exist"
            raise ConfigError(f"{path} {what}.", "Name a file or folder of training rows.")
        found += below or [path]
    return found


def split_of(path: Path, given: Mapping[Path, str]) -> str:
    """The split a file stands for: as it was given, else by a word of its name or folder, else its name."""
    if path in given:
        return given[path]
    for part in (path.stem, path.parent.name):
        words = re.split(r"[\W_\d]+", part.lower())
        if known := next((SPLITS[word] for word in reversed(words) if word in SPLITS), None):
            return known
    return path.stem


def blocks_of(path: Path, split: str) -> Iterator[Block]:
    """The rows of a file. Raises ConfigError if it cannot be read at all, MissingExtra for Parquet."""
    if path.suffix == ".parquet":
        yield from parquet_blocks(path, split)
        return
    with path.open("rb") as file:
        head = file.read(4096).removeprefix(BYTE_ORDER_MARK).lstrip()
    yield from array_blocks(path, split) if head.startswith(b"[") else line_blocks(path, split)


def line_blocks(path: Path, split: str) -> Iterator[Block]:
    """Blocks of whole lines; nothing but their ends is looked at."""
    start, first = 0, 1
    with path.open("rb") as file:
        while read := file.read(BLOCK):
            read += file.readline() if not read.endswith(b"\n") else b""
            yield Block(path, path.name, split, first, start, len(read))
            start, first = start + len(read), first + read.count(b"\n")


def array_blocks(path: Path, split: str) -> Iterator[Block]:
    """A file that is one JSON array. Raises ConfigError if it is too large or no JSON."""
    if path.stat().st_size > LARGEST_ARRAY:
        raise ConfigError(f"{path.name} is one JSON array of over 500 MB.", "Write it as one object a line.")
    rows = parse(path.read_bytes().removeprefix(BYTE_ORDER_MARK))
    if isinstance(rows, ValueError):
        raise ConfigError(f"{path.name} is {rows}.", "Write it as one JSON object a line.")
    for start in range(0, len(rows), ROWS):
        yield Block(path, path.name, split, start + 1, rows=tuple(rows[start : start + ROWS]))


def parquet_blocks(path: Path, split: str) -> Iterator[Block]:
    """The rows of a Parquet file, a few hundred at a time. Raises MissingExtra, or ConfigError if it is damaged."""
    arrow, parquet = optional("pyarrow", "parquet"), optional("pyarrow.parquet", "parquet")
    try:
        first = 1
        for batch in parquet.ParquetFile(path).iter_batches(batch_size=ROWS):
            rows = tuple(batch.to_pylist())
            yield Block(path, path.name, split, first, rows=rows)
            first += len(rows)
    except (arrow.ArrowException, OSError) as error:
        raise ConfigError(f"{path.name} cannot be read ({error}).", "Write the file again.") from error
