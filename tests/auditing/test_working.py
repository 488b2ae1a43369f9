"""One process or several: the same report."""

from pathlib import Path

import pytest

from raftune.auditing import audit, files
from tests.auditing.sets import stored, write


def test_several_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BLOCK", 100_000)
    rows = stored()
    for row in rows[::9]:
        row["final"] = ""
    path = write(tmp_path / "rows.jsonl", [*rows, "{"])
    alone, together = audit([path], processes=1), audit([path], processes=2)
    assert alone == together
    assert alone.found()["answer_mark"] == 34
    assert alone.found()["readable"] == 1
