"""Finds a stored row by its id or its place without reading the rows before it; made once for each artifact."""

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from raftune.artifact import Artifact
from raftune.errors import StoreError
from raftune.records import Record

R = TypeVar("R", bound=Record)
SCHEMA = """
CREATE TABLE row(position INTEGER PRIMARY KEY, id TEXT NOT NULL, parent TEXT,
  shard INTEGER, start INTEGER, size INTEGER);
"""
INDEXES = "CREATE INDEX row_id ON row(id); CREATE INDEX row_parent ON row(parent, position);"
COLUMNS = "shard, start, size"


class Line(NamedTuple):
    """Where a row's line stands: number of its shard, first byte, bytes."""

    shard: int
    start: int
    size: int


def connect(path: Path) -> sqlite3.Connection:
    """A database of what can be made again: a crash of the machine may cost it, one of the program does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "temp_store = MEMORY", "cache_size = -32000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def lines_in(folder: Path) -> Iterator[tuple[Line, bytes]]:
    """The lines of an artifact's rows, each with where it stands."""
    for number, shard in enumerate(sorted(folder.glob("rows-*.jsonl"))):
        start = 0
        with shard.open("rb") as file:
            for line in file:
                yield Line(number, start, len(line)), line
                start += len(line)


def read_line(folder: Path, line: Line) -> dict[str, Any]:
    """A row as it is stored. Raises StoreError where it is not there any more."""
    path = folder / f"rows-{line.shard:05}.jsonl"
    try:
        with path.open("rb") as file:
            file.seek(line.start)
            fields: dict[str, Any] = json.loads(file.read(line.size))
    except (OSError, ValueError) as error:
        raise StoreError(f"The artifact {folder} is damaged.", "Delete that folder and run again.") from error
    return fields


class RowIndex(Generic[R]):
    """The rows of one artifact by id, by place, and by `parent`: the field that leads to the row above it."""

    def __init__(self, artifact: Artifact[R], path: Path, parent: str = "") -> None:
        """`path` is the index's file, made now where there is none. The artifact has to be on disk."""
        if artifact.folder is None:
            raise StoreError(f"The artifact {artifact.name} is not on disk.", "Run its stage first.")
        self.artifact, self.folder = artifact, artifact.folder
        self.lock = threading.Lock()
        if not path.exists():
            build(path, lambda: make_rows(self.folder, parent), SCHEMA, INDEXES)
        self.connection = connect(path)

    def __len__(self) -> int:
        return len(self.artifact)

    def find(self, sql: str, *values: object) -> list[Line]:
        """The lines that a condition holds for."""
        with self.lock:
            rows = self.connection.execute(f"SELECT {COLUMNS} FROM row WHERE {sql}", values).fetchall()  # noqa: S608 - conditions are ours
        return [Line(*row) for row in rows]

    def read(self, lines: Iterable[Line]) -> list[R]:
        """The rows of those lines. Raises StoreError where one was altered."""
        return [self.artifact.row_type.from_row(read_line(self.folder, line)) for line in lines]

    def by_id(self, name: str) -> R | None:
        """The row of that id, or None."""
        return next(iter(self.read(self.find("id = ? LIMIT 1", name))), None)

    def below(self, parent: str, most: int = -1) -> list[R]:
        """The rows of one parent, in order."""
        return self.read(self.find("parent = ? ORDER BY position LIMIT ?", parent, most))

    def page(self, first: int, count: int) -> list[R]:
        """So many rows from a place on, counted from 0."""
        return self.read(self.find("position >= ? ORDER BY position LIMIT ?", first, count))

    def close(self) -> None:
        """Closes its file."""
        self.connection.close()


def make_rows(folder: Path, parent: str) -> Iterator[Sequence[object]]:
    """The values of the table `row`."""
    for position, (line, text) in enumerate(lines_in(folder)):
        row = json.loads(text)
        yield position, row["id"], row.get(parent), *line


def build(path: Path, rows: Callable[[], Iterator[Sequence[object]]], schema: str, indexes: str) -> None:
    """Makes a database of rows for the schema's first table; it appears when it is whole."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    connection = connect(part)
    try:
        connection.executescript(schema)
        connection.execute("BEGIN")
        table, marks = "", ""
        for row in rows():
            if not marks:
                table, marks = schema.split("(", 1)[0].rsplit(maxsplit=1)[-1], ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608 - the schema is ours
        connection.execute("COMMIT")
        connection.executescript(indexes)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    part.replace(path)
