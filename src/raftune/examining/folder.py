"""The project's folder: documents, student, ledger, and whether the file of keys is kept to oneself."""

import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from raftune.api import Project, files
from raftune.endpoints.keys import DOTENV
from raftune.errors import ConfigError, RaftuneError, StoreError
from raftune.examining.check import Check, of_error
from raftune.overview import FileStatus

PROJECT = "project"
MOST_FILES = 10
GIT_SECONDS = 5
NOT_IGNORED = 1  # exit code of git check-ignore


def folder_checks(project: Project) -> Iterator[Check]:
    """What is in an opened project."""
    yield Check(PROJECT, "settings", "ok", "raftune.toml is valid")
    yield from documents(project)
    yield student(project)
    yield ledger(project.ledger)
    yield from dotenv(project.folder)


def documents(project: Project) -> Iterator[Check]:
    """The documents there are, and those that were refused when they were last read."""
    try:
        sources, decisions, _ = project.inputs()
    except RaftuneError as error:
        yield of_error(PROJECT, "documents", error)
        return
    words = f"{count(len(sources), 'file')}, {count(len(decisions), 'decision')}"
    try:
        refused = [file for file in files(project) if file.state == "refused"]
    except ConfigError:
        yield Check(PROJECT, "documents", "ok", f"{words}; not read yet")
        return
    yield Check(PROJECT, "documents", "ok", f"{words}; {len(refused)} refused")
    yield from (refusal(file) for file in refused[:MOST_FILES])
    if len(refused) > MOST_FILES:
        left = len(refused) - MOST_FILES
        yield Check(PROJECT, "documents", "warn", f"{left} more files were refused", "`raftune status` names them.")


def count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def refusal(file: FileStatus) -> Check:
    """A file that was refused."""
    return Check(PROJECT, "documents", "warn", f"{file.path}: {file.reason}", file.detail)


def student(project: Project) -> Check:
    """The student's weights."""
    try:
        weights = project.role("student")["weights"]
    except RaftuneError as error:
        return of_error(PROJECT, "student", error)
    return Check(PROJECT, "student", "ok", f"{project.settings.student.model}, weights {weights}")


def ledger(path: Path) -> Check:
    """Whether the ledger is whole; only looked at, so that a run in another process is not disturbed."""
    if not path.exists():
        return Check(PROJECT, "ledger", "skipped", "nothing was asked yet")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as database:
            found = [str(row[0]) for row in database.execute("PRAGMA integrity_check(3)")]
            [count] = database.execute("SELECT count(*) FROM action").fetchone()
    except sqlite3.OperationalError as error:
        return Check(PROJECT, "ledger", "warn", f"cannot be looked at now ({error})", "Try again when no run goes on.")
    except sqlite3.DatabaseError as error:
        found, count = [str(error)], 0
    if found == ["ok"]:
        return Check(PROJECT, "ledger", "ok", f"{count:,} actions, whole")
    advice = "Copy it away, then save what can be read: sqlite3 ledger.sqlite .recover"
    return Check(PROJECT, "ledger", "fail", f"is damaged: {found[0]}", advice, StoreError.exit_code)


def dotenv(folder: Path) -> Iterator[Check]:
    """Whether others can read the file of keys, and whether git would take it."""
    path = folder / DOTENV
    if not path.is_file():
        return
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Check(PROJECT, DOTENV, "warn", "can be read by other users of this machine", f"chmod 600 {DOTENV}")
    if git_takes(path):
        yield Check(PROJECT, DOTENV, "warn", "git does not ignore it", f"Add a line {DOTENV} to .gitignore.")


def git_takes(path: Path) -> bool:
    """Whether the file lies in a git repository that does not ignore it."""
    git = shutil.which("git")
    if git is None or not any((folder / ".git").exists() for folder in path.resolve().parents):
        return False
    with suppress(OSError, subprocess.TimeoutExpired):
        asked = [git, "-C", str(path.parent), "check-ignore", "-q", path.name]
        return subprocess.run(asked, capture_output=True, timeout=GIT_SECONDS, check=False).returncode == NOT_IGNORED  # noqa: S603
    return False
