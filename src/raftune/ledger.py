"""The ledger remembers every paid or irreversible action, so that nothing is paid twice.

One SQLite file, JSON values, committed before a result is used. The key is the digest of the canonical
request; a result stays until the same request is deliberately asked afresh. A result that the disk
damaged is set aside and counts as never given.
"""

import asyncio
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from raftune.digest import Json
from raftune.errors import StoreError
from raftune.remembering.actions import COLUMNS, READ, Action, Row, Wanted, action_of, checked, imported, row_of
from raftune.remembering.group_writer import GroupWriter
from raftune.remembering.key_filter import KeyFilter
from raftune.remembering.ledger_file import explained, open_file
from raftune.remembering.spending import Spending

__all__ = ["DAMAGED", "Action", "Ledger", "Wanted"]

DAMAGED = "damaged"
ROWS_READ = 100
ROWS_WRITTEN = 500  # 12 values each, and SQLite takes 32,766 in a statement
SUMS = (
    "count(*), sum(prompt_tokens), sum(completion_tokens), coalesce(sum(dollars), 0.0), "
    "sum(dollars IS NULL AND origin <> 'import')"  # what was imported cost nothing
)


EVERYTHING = Wanted()


class Ledger:
    """Remembered actions by key. Any thread may call it; another process that writes is waited for `wait` seconds.

    All methods raise StoreError when the file cannot be read or written.
    """

    def __init__(self, path: Path, wait: float = 30.0) -> None:
        self.path = path
        self._database = open_file(path, wait)
        self._turn = threading.Lock()
        self._writer: GroupWriter[Row] = GroupWriter(self._write)
        self._known: KeyFilter | None = None

    def recall(self, key: str) -> Json | None:
        """The result of an action, or None when it was never done."""
        if not self._may_hold(key):
            return None
        with self._reading():
            query = "SELECT CAST(result AS BLOB), sha FROM action WHERE key = ?"
            row = self._database.execute(query, (key,)).fetchone()
        if row is None:
            return None
        try:
            return checked(*row)
        except ValueError:
            self._set_aside(key)
            return None

    async def recalled(self, key: str) -> Json | None:
        """As `recall`, but while a transaction goes to the disk the event loop does not wait for it."""
        if self._turn.locked() and self._may_hold(key):
            return await asyncio.to_thread(self.recall, key)
        return self.recall(key)

    def remember(self, *actions: Action) -> None:
        """Commits actions, all or none; they are on disk when it returns."""
        self._write([row_of(action) for action in actions])

    async def commit(self, *actions: Action) -> None:
        """As `remember`, without blocking the event loop; many callers share one transaction."""
        await self._writer.written([row_of(action) for action in actions])

    def forget(self, keys: Iterable[str]) -> int:
        """Deletes actions, all or none; returns how many there were."""
        with self._writing():
            before = self._database.total_changes
            self._database.executemany("DELETE FROM action WHERE key = ?", [(key,) for key in keys])
            return self._database.total_changes - before

    def actions(
        self, *, kind: str = "", model: str = "", stage: str = "", start: str = "", before: str = "", newest: int = 0
    ) -> Iterator[Action]:
        """The actions of a kind, model and stage, the last committed last; of many the `newest` (0: all).

        `start` begins their keys, `before` is a time. Those that the disk damaged are passed over.
        """
        wanted = Wanted(kind, model, stage, "", start, before)
        place = self._last_before(wanted, newest)
        query = f"SELECT rowid, {READ} FROM action WHERE rowid > :place AND {wanted.where} ORDER BY rowid LIMIT :count"  # noqa: S608 - names only
        while True:
            with self._reading():
                values = {**asdict(wanted), "place": place, "count": ROWS_READ}
                rows = self._database.execute(query, values).fetchall()
            yield from whole(rows)
            if len(rows) < ROWS_READ:
                return
            place = rows[-1][0]

    def count(self, kind: str, origin: str) -> int:
        """How many actions of a kind came from `origin`: "run" or "import"."""
        return sum(one.requests for one in self.sums("kind", Wanted(kind=kind, origin=origin)).values())

    def spent(self) -> dict[str, Spending]:
        """What each stage asked and paid for, in all runs."""
        return self.sums("stage", Wanted(origin="run"))

    def sums(self, group: Literal["kind", "model", "stage"], wanted: Wanted = EVERYTHING) -> dict[str, Spending]:
        """What the wanted actions used and cost, by the values of a column: "kind", "model" or "stage"."""
        query = f"SELECT {group}, {SUMS} FROM action WHERE {wanted.where} GROUP BY {group} ORDER BY {group}"  # noqa: S608 - names only
        with self._reading():
            return {name: Spending(*sums) for name, *sums in self._database.execute(query, asdict(wanted))}

    def keys(self, wanted: Wanted = EVERYTHING) -> list[str]:
        """The keys of the wanted actions, in order."""
        query = f"SELECT key FROM action WHERE {wanted.where} ORDER BY key"  # noqa: S608 - names only
        with self._reading():
            return [row[0] for row in self._database.execute(query, asdict(wanted))]

    def export(self, kind: str) -> Iterator[dict[str, Json]]:
        """All actions of a kind as JSON objects, by key."""
        for key in self.keys(Wanted(kind=kind)):
            with self._reading():
                rows = self._database.execute(f"SELECT rowid, {READ} FROM action WHERE key = ?", (key,)).fetchall()  # noqa: S608 - names only
            for action in whole(rows):
                yield {"key": key, "request": action.request, "result": action.result}

    def import_file(self, path: Path, kind: str) -> int:
        """Takes the actions of a file (JSON lines as `export` gives them) that are not known yet; returns how many.

        Raises StoreError, with nothing taken, when a line is none.
        """
        try:
            with path.open(encoding="utf-8") as lines:
                rows = [row_of(imported(json.loads(line), kind)) for line in lines]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"{path} is not a file of recorded replies ({error}).", "Take it from its source again."
            ) from error
        return self._write(rows, "IGNORE")

    def close(self) -> None:
        """Writes what waits, then closes the file."""
        self._writer.close()
        self._database.close()

    def _write(self, rows: Sequence[Row], conflict: str = "REPLACE") -> int:
        with self._writing():
            before = self._database.total_changes
            for start in range(0, len(rows), ROWS_WRITTEN):
                some = rows[start : start + ROWS_WRITTEN]
                places = ",".join([f"({','.join('?' * len(row))})" for row in some])
                # One statement, since each one hands the interpreter over to a busy event loop and back.
                insert = f"INSERT OR {conflict} INTO action ({COLUMNS}) VALUES {places}"  # noqa: S608 - names only
                self._database.execute(insert, [value for row in some for value in row])
            if self._known is not None:
                for row in rows:
                    self._known.add(str(row[0]))
            return self._database.total_changes - before

    def _set_aside(self, key: str) -> None:
        with self._writing():
            update = "UPDATE OR REPLACE action SET kind = ?, key = ? || ' ' || key WHERE key = ?"
            self._database.execute(update, (DAMAGED, DAMAGED, key))

    def _last_before(self, wanted: Wanted, newest: int) -> int:
        if not newest:
            return 0
        query = f"SELECT rowid FROM action WHERE {wanted.where} ORDER BY rowid DESC LIMIT 1 OFFSET :newest"  # noqa: S608 - names only
        with self._reading():
            row = self._database.execute(query, {**asdict(wanted), "newest": newest}).fetchone()
        return 0 if row is None else int(row[0])

    def _may_hold(self, key: str) -> bool:
        """Whether it is worth asking the file: for new requests, which are most, it is not."""
        if self._known is None or self._known.full:
            with self._reading():
                [count] = self._database.execute("SELECT count(*) FROM action").fetchone()
                known = KeyFilter(2 * count)
                for (one,) in self._database.execute("SELECT key FROM action"):
                    known.add(one)
                self._known = known
        return self._known.may_hold(key)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._turn:
            try:
                yield
            except sqlite3.Error as error:
                raise explained(error, self.path, "read", "Put back a copy of it, or delete it.") from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._turn:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                yield
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                raise explained(error, self.path, "written", "Free some disk space and run again.") from error
            finally:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")


def whole(rows: Iterable[tuple[Any, ...]]) -> Iterator[Action]:
    """The actions of rows, which begin with their number, without those that the disk damaged."""
    for row in rows:
        try:
            yield action_of(row[1:])
        except ValueError:
            continue
