"""The ledger's SQLite file: its table, older forms of it, and what went wrong in words."""

import os
import sqlite3
from pathlib import Path

from raftune.errors import StoreError

VERSION = 1
STATEMENTS = 4  # a statement that is kept for reuse also keeps the values it last wrote: megabytes
# The small columns stand first: a sum over them does not read the long texts behind them.
TABLE = """
CREATE TABLE action (
    key TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, origin TEXT NOT NULL, stage TEXT NOT NULL, model TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, dollars REAL, time TEXT NOT NULL, sha TEXT,
    request TEXT NOT NULL, result TEXT NOT NULL
)
"""
FROM_VERSION_0 = """
INSERT INTO action SELECT
    key, kind, origin, '',
    coalesce(CASE WHEN json_valid(request) THEN json_extract(request, '$.model') END, ''),
    coalesce(CASE WHEN json_valid(result) THEN json_extract(result, '$.prompt_tokens') END, 0),
    coalesce(CASE WHEN json_valid(result) THEN json_extract(result, '$.completion_tokens') END, 0),
    NULL, '', NULL, request, result
FROM action_0
"""


def open_file(path: Path, wait: float) -> sqlite3.Connection:
    """The ledger's database, made or brought up to date; a statement waits `wait` seconds for other processes.

    Raises StoreError.
    """
    try:
        database = sqlite3.connect(
            path, timeout=wait, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
        )
        try:
            # Emptying the journal is synced, removing it is not: after a power cut it could stand there again.
            database.execute("PRAGMA journal_mode=TRUNCATE")
            database.execute("PRAGMA synchronous=FULL")
            bring_up_to_date(database, path)
        except BaseException:
            database.close()
            raise
    except sqlite3.Error as error:
        raise explained(error, path, "opened", "Check the disk and permissions.") from error
    return database


def bring_up_to_date(database: sqlite3.Connection, path: Path) -> None:
    """Makes the table, or moves the rows of an older one over, all at once."""
    if version_of(database, path) == VERSION:
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        if version_of(database, path) < VERSION:  # another process may have been quicker
            old = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'action'").fetchone()
            if old:
                database.execute("ALTER TABLE action RENAME TO action_0")
            database.execute(TABLE)
            if old:
                database.execute(FROM_VERSION_0)
                database.execute("DROP TABLE action_0")
            database.execute(f"PRAGMA user_version={VERSION}")
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def version_of(database: sqlite3.Connection, path: Path) -> int:
    """The form of the file. Raises StoreError where it is newer than this program."""
    version = int(database.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise StoreError(
            f"The ledger {path} was written by a newer raftune.", "Install that version, or work in another folder."
        )
    return version


def explained(error: sqlite3.Error, path: Path, undone: str, advice: str) -> StoreError:
    """An error of the database in words: what could not be done, or who holds the file."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreError(
            f"The ledger {path} cannot be {undone}: {holder(path.parent / 'lock')} holds it.",
            "Wait for that process to end, or stop it, then run again.",
        )
    return StoreError(f"The ledger {path} cannot be {undone} ({error}).", advice)


def holder(lock: Path) -> str:
    """Who holds the project, by its lock file."""
    try:
        number = lock.read_text(encoding="utf-8").strip()
    except OSError:
        number = ""
    return f"process {number}" if number.isdigit() and alive(int(number)) else "another process"


def alive(number: int) -> bool:
    """Whether that is another process that runs: the lock file keeps the number of the last one that had it."""
    try:
        os.kill(number, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return number != os.getpid()
