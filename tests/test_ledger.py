import json
import multiprocessing
import os
import sqlite3
from pathlib import Path

import pytest

from raftune.errors import StoreError
from raftune.ledger import Ledger


def filled(folder: Path) -> Ledger:
    ledger = Ledger(folder / "ledger.sqlite")
    ledger.remember("k1", "chat", {"text": "항만"}, {"reply": "73곳"})
    ledger.remember("k2", "upload", {"file": 1}, {"id": "f"})
    return ledger


def test_what_was_remembered_is_recalled_after_opening_again(tmp_path: Path) -> None:
    filled(tmp_path).close()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert ledger.recall("k1") == {"reply": "73곳"}
    assert ledger.recall("k9") is None
    assert ledger.count("chat", "run") == 1
    ledger.close()


def test_an_action_asked_afresh_takes_the_place_of_the_old(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    ledger.remember("k1", "chat", {"text": "항만"}, {"reply": "74곳"})
    assert ledger.recall("k1") == {"reply": "74곳"}
    assert ledger.count("chat", "run") == 1
    ledger.close()


def test_export_and_import(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    path = tmp_path / "replies.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ledger.export("chat")), encoding="utf-8")
    other = Ledger(tmp_path / "other.sqlite")
    assert other.import_file(path, "chat") == 1
    assert other.import_file(path, "chat") == 0
    assert list(other.export("chat")) == list(ledger.export("chat"))
    assert other.count("chat", "import") == 1
    ledger.close()
    other.close()


@pytest.mark.parametrize("line", ["{", '{"key": "x"}', "[]", '"text"'])
def test_a_damaged_file_is_taken_not_at_all(tmp_path: Path, line: str) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text('{"key": "a", "request": {}, "result": {}}\n' + line + "\n", encoding="utf-8")
    ledger = filled(tmp_path)
    with pytest.raises(StoreError, match="not a file of recorded replies"):
        ledger.import_file(path, "chat")
    assert ledger.recall("a") is None
    ledger.remember("b", "chat", {}, {})
    ledger.close()
    again = Ledger(tmp_path / "ledger.sqlite")
    assert again.recall("b") == {}
    again.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        Ledger(path)


def test_a_full_or_locked_disk_is_a_store_error(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    ledger._database.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="cannot be written"):
        ledger.remember("k3", "chat", {}, {})
    with pytest.raises(StoreError, match="cannot be read"):
        ledger.recall("k1")
    other.close()
    ledger.close()


def remember_and_die(path: Path) -> None:
    ledger = Ledger(path)
    ledger.remember("k", "chat", {}, {"paid": True})
    os.kill(os.getpid(), 9)


def test_what_was_remembered_survives_a_kill(tmp_path: Path) -> None:
    child = multiprocessing.get_context("spawn").Process(target=remember_and_die, args=(tmp_path / "l.sqlite",))
    child.start()
    child.join()
    assert child.exitcode == -9
    ledger = Ledger(tmp_path / "l.sqlite")
    assert ledger.recall("k") == {"paid": True}
    ledger.close()


def test_several_actions_are_remembered_all_or_none(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.remember_all("embedding", [("a", {"n": 1}, [1]), ("b", {"n": 2}, [2])])
    assert (ledger.recall("a"), ledger.recall("b")) == ([1], [2])
    assert ledger.count("embedding", "run") == 2
    with pytest.raises(ValueError, match="Out of range"):
        ledger.remember_all("embedding", [("c", {}, [3]), ("d", {}, [float("nan")])])
    assert ledger.recall("c") is None
