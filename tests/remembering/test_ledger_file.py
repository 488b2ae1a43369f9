import os
import sqlite3
from pathlib import Path

import pytest

from raftune.errors import StoreError
from raftune.ledger import Ledger
from raftune.remembering.ledger_file import holder, open_file

OLD_SCHEMA = """
CREATE TABLE IF NOT EXISTS action (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, request TEXT NOT NULL, result TEXT NOT NULL, origin TEXT NOT NULL
) WITHOUT ROWID
"""
OLD_ROWS = [
    ("a", "chat", '{"model":"gpt","max_tokens":5}', '{"text":"항만","prompt_tokens":7,"completion_tokens":3}', "run"),
    ("b", "chat", '{"model":"gpt"}', '{"text":"x","prompt_tokens":1,"completion_tokens":1}', "import"),
    ("c", "embedding", '{"text":"t"}', '{"vector":"AAA="}', "run"),
    ("d", "chat", "{broken", "[1", "run"),
]


def old_file(path: Path) -> Path:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(OLD_SCHEMA)
    database.executemany("INSERT OR REPLACE INTO action VALUES (?, ?, ?, ?, ?)", OLD_ROWS)
    database.close()
    return path


def test_a_file_of_the_first_form_is_brought_up_to_date(tmp_path: Path) -> None:
    path = old_file(tmp_path / "ledger.sqlite")
    for _ in range(2):
        ledger = Ledger(path)
        assert ledger.recall("a") == {"text": "항만", "prompt_tokens": 7, "completion_tokens": 3}
        assert ledger.recall("c") == {"vector": "AAA="}
        [first, second] = ledger.actions(model="gpt")
        assert (first.origin, first.prompt_tokens, first.completion_tokens, first.dollars) == ("run", 7, 3, None)
        assert second.origin == "import"
        ledger.close()
    ledger = Ledger(path)
    assert ledger.recall("d") is None
    assert ledger.count("damaged", "run") == 1
    ledger.close()


def test_a_broken_move_leaves_the_old_form(tmp_path: Path) -> None:
    path = old_file(tmp_path / "ledger.sqlite")
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE action_0 (x)")
    other.close()
    with pytest.raises(StoreError, match="cannot be opened"):
        Ledger(path)
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE action_0")
        assert other.execute("SELECT count(*) FROM action").fetchone() == (4,)
    other.close()
    Ledger(path).close()


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version=99")
    other.close()
    with pytest.raises(StoreError, match="newer raftune"):
        open_file(path, 1.0)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_file(path, 1.0)


def test_writes_are_synced_and_the_journal_is_emptied(tmp_path: Path) -> None:
    database = open_file(tmp_path / "ledger.sqlite", 1.0)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("truncate",)
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    database.close()


def test_the_holder_is_named_where_it_runs(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text(str(os.getppid()))
    assert holder(lock) == f"process {os.getppid()}"
    for text in ("", "x", str(os.getpid()), "999999999", "9" * 30):
        lock.write_text(text)
        assert holder(lock) == "another process"
    assert holder(tmp_path / "none") == "another process"
