import subprocess
from pathlib import Path

from raftune.api import open_project
from raftune.examining.folder import dotenv, folder_checks, ledger
from raftune.ledger import Action, Ledger


def make_ledger(folder: Path) -> Path:
    path = folder / "ledger.sqlite"
    kept = Ledger(path)
    kept.remember(*(Action(f"{number:032x}", "chat", {"n": number}, {"text": "x" * 400}) for number in range(200)))
    kept.close()
    return path


def make_git(folder: Path) -> None:
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / ".env").write_text("KEY=secret\n")
    (folder / ".env").chmod(0o600)


def test_a_whole_ledger_is_counted(tmp_path: Path) -> None:
    check = ledger(make_ledger(tmp_path))
    assert (check.state, check.words) == ("ok", "200 actions, whole")


def test_a_damaged_ledger_fails_with_the_code_of_the_disk(tmp_path: Path) -> None:
    path = make_ledger(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    path.write_bytes(raw)
    check = ledger(path)
    assert (check.state, check.code) == ("fail", 8)


def test_what_is_no_database_fails(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"no database " * 1000)
    assert ledger(path).state == "fail"


def test_without_a_ledger_nothing_is_made(tmp_path: Path) -> None:
    assert ledger(tmp_path / "ledger.sqlite").state == "skipped"
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_keys_that_others_can_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KEY=secret\n")
    (tmp_path / ".env").chmod(0o644)
    assert [check.advice for check in dotenv(tmp_path)] == ["chmod 600 .env"]
    (tmp_path / ".env").chmod(0o600)
    assert list(dotenv(tmp_path)) == []


def test_a_file_of_keys_that_git_would_take_is_reported(tmp_path: Path) -> None:
    make_git(tmp_path)
    assert [check.words for check in dotenv(tmp_path)] == ["git does not ignore it"]
    (tmp_path / ".gitignore").write_text(".env\n")
    assert list(dotenv(tmp_path)) == []


def test_a_project_is_looked_at_without_being_run(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "fees.md").write_text("# Fees\n\nTwelve coins.\n")
    (tmp_path / "raftune.toml").write_text("")
    found = {check.name: check for check in folder_checks(open_project(tmp_path))}
    assert found["documents"].words == "1 file, 0 decisions; not read yet"
    assert found["student"].state == "ok"


def test_a_missing_folder_of_documents_is_a_failed_check(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    found = {check.name: check for check in folder_checks(open_project(tmp_path))}
    assert (found["documents"].state, found["documents"].code) == ("fail", 3)
