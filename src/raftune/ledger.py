"""The ledger remembers every paid or irreversible action, so that nothing is paid twice.

One SQLite file, JSON values, committed before a result is used. The key is the digest of the canonical
request; a result stays until the same request is deliberately asked afresh.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from raftune.digest import Json, canonical_json
from raftune.errors import StoreError

SCHEMA = """
CREATE TABLE IF NOT EXISTS action (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, request TEXT NOT NULL, result TEXT NOT NULL, origin TEXT NOT NULL
) WITHOUT ROWID
"""


class Ledger:
    """Remembered actions by key. One process writes at a time; every write is on disk when it returns."""

    def __init__(self, path: Path) -> None:
        try:
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.execute("PRAGMA synchronous=FULL")
            self._database.execute(SCHEMA)
        except sqlite3.Error as error:
            raise StoreError(
                f"The ledger {path} cannot be opened ({error}).", "Check the disk and permissions."
            ) from error

    def recall(self, key: str) -> Json | None:
        """The result of an action, or None when it was never done."""
        try:
            row = self._database.execute("SELECT result FROM action WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"The ledger cannot be read ({error}).", "Put back a copy of it, or delete it.") from error
        return None if row is None else json.loads(row[0])

    def remember(self, key: str, kind: str, request: Json, result: Json, origin: str = "run") -> None:
        """Commits an action's result. Raises StoreError when the disk does not take it."""
        values = (key, kind, canonical_json(request), canonical_json(result), origin)
        try:
            self._database.execute("INSERT OR REPLACE INTO action VALUES (?, ?, ?, ?, ?)", values)
        except sqlite3.Error as error:
            raise StoreError(
                f"The ledger cannot be written ({error}).", "Free some disk space and run again."
            ) from error

    def remember_all(self, kind: str, actions: Sequence[tuple[str, Json, Json]]) -> None:
        """Commits (key, request, result) of several actions at once: all of them or none. Raises StoreError."""
        rows = [(key, kind, canonical_json(request), canonical_json(result), "run") for key, request, result in actions]
        try:
            self._database.execute("BEGIN")
            self._database.executemany("INSERT OR REPLACE INTO action VALUES (?, ?, ?, ?, ?)", rows)
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise StoreError(
                f"The ledger cannot be written ({error}).", "Free some disk space and run again."
            ) from error

    def count(self, kind: str, origin: str) -> int:
        """How many actions of a kind came from `origin`: "run" or "import"."""
        query = "SELECT count(*) FROM action WHERE kind = ? AND origin = ?"
        return int(self._database.execute(query, (kind, origin)).fetchone()[0])

    def export(self, kind: str) -> Iterator[dict[str, Json]]:
        """All actions of a kind as JSON objects, by key."""
        query = "SELECT key, request, result FROM action WHERE kind = ? ORDER BY key"
        for key, request, result in self._database.execute(query, (kind,)):
            yield {"key": key, "request": json.loads(request), "result": json.loads(result)}

    def import_file(self, path: Path, kind: str) -> int:
        """Takes the actions of a file (JSON lines as `export` gives them) that are not known yet; returns how many.

        Raises StoreError, with nothing taken, when a line is none.
        """
        before = self._database.total_changes
        self._database.execute("BEGIN")
        try:
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    row = json.loads(line)
                    values = (row["key"], kind, canonical_json(row["request"]), canonical_json(row["result"]))
                    self._database.execute("INSERT OR IGNORE INTO action VALUES (?, ?, ?, ?, 'import')", values)
        except (OSError, ValueError, KeyError, TypeError, sqlite3.Error) as error:
            self._database.execute("ROLLBACK")
            raise StoreError(
                f"{path} is not a file of recorded replies ({error}).", "Take it from its source again."
            ) from error
        self._database.execute("COMMIT")
        return self._database.total_changes - before

    def close(self) -> None:
        """Closes the file."""
        self._database.close()
