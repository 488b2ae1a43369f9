"""raftune ingest and raftune chunk say what came of it."""

import json
from pathlib import Path

import pytest

from raftune.cli.layout import COLUMNS, width
from tests.cli.harbour import make_project, raftune


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("stages") / "harbour")


def test_ingest_counts_pages_by_way_and_names_refusals(project: Path) -> None:
    output = raftune(project, "ingest")
    assert "files     3 in = 2 read + 1 refused" in output
    assert "text 2, native 1" in output
    assert "pages/s" in output
    assert "refused   broken.pdf: damaged" in output
    assert max(map(width, output.splitlines())) <= COLUMNS
    facts = json.loads(raftune(project, "ingest", "--json"))
    assert facts["totals"]["files"] == 3
    assert facts["totals"]["ways"] == {"text": 2, "native": 1}
    assert [file["state"] for file in facts["files"]] == ["refused", "read", "read"]


def test_ingest_again_is_stored_unless_fresh(project: Path) -> None:
    raftune(project, "ingest", "-q")
    assert "stored" in raftune(project, "ingest")
    assert "stored" not in raftune(project, "ingest", "--fresh")


def test_chunk_says_how_many_passages_of_which_size(project: Path) -> None:
    output = raftune(project, "chunk", "--quiet")
    assert output.startswith("passages  3 from 2 documents, by structure\nsizes ")
    facts = json.loads(raftune(project, "chunk", "--json", "--set", "chunk.maximum=200"))
    assert (facts["unit"], facts["maximum"]) == ("characters", 200)
    assert facts["largest"] <= 200
