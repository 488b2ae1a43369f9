"""One stage in a few words."""

import json
from pathlib import Path

from raftune.cli.layout import COLUMNS, width
from raftune.cli.status import describe
from raftune.cli.watch import duration
from tests.cli.harbour import make_project, raftune


def test_a_stage_in_a_few_words() -> None:
    assert describe({"rows": None, "seconds": None}, duration) == "not run yet"
    assert describe({"rows": 4, "seconds": 61.0}, duration) == "4 rows, 1 min 1 s"
    assert describe({"rows": 1, "seconds": None}, duration) == "1 row"


def test_status_lists_every_file(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "harbour")
    assert "read as" not in raftune(folder, "status")
    raftune(folder, "ingest", "-q")
    (folder / "documents" / "new.md").write_text("Came since.")
    output = raftune(folder, "status")
    assert "refused: damaged" in output
    assert "not read yet" in output
    assert output.splitlines()[-1] == "files 3 in = 2 read + 1 refused; 1 more came since; 3 pages: text 2, native 1"
    assert max(map(width, output.splitlines())) <= COLUMNS
    ingest = json.loads(raftune(folder, "status", "--json"))[0]
    assert ingest["totals"]["new"] == 1
    assert [file["path"] for file in ingest["files"]] == ["broken.pdf", "harbour-fees.pdf", "new.md", "항만 규정.md"]
