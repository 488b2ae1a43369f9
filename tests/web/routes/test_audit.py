"""Files that are dropped are looked at and not kept."""

import tempfile
from pathlib import Path

from tests.web.cockpits import running


def test_a_dropped_file(project: Path) -> None:
    rows = next((project / ".raftune" / "objects" / "assemble").rglob("rows-*.jsonl")).read_bytes()
    before = set(Path(tempfile.gettempdir()).glob("raftune-audit-*"))
    with running(project) as up:
        page = up.client.post("/audit", files={"file": ("C:\\data\\mine.JSONL", rows)}).text
        assert "mine.JSONL: Rows: 36" in page or "mine.JSONL: 36 rows" in page
        broken = up.client.post("/audit", files={"file": ("a.jsonl", b"no json\n{}\n")}).text
        assert "checks found errors" in broken
        assert up.client.post("/audit", files={"file": ("a.exe", rows)}).status_code == 400
        assert up.client.post("/audit").status_code == 400
    assert set(Path(tempfile.gettempdir()).glob("raftune-audit-*")) == before


def test_own_examples(project: Path) -> None:
    with running(project) as up:
        assert "Harbour: 36 rows" in up.post("/audit/own").text
