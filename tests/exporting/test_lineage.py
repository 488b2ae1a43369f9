"""What an artifact was made of."""

from pathlib import Path

from raftune.artifact import in_memory
from raftune.exporting.lineage import lineage
from raftune.pipeline import STAGES
from raftune.records import Document
from raftune.runner import Journal
from raftune.stores.files import FileStore
from tests.exporting.stored_project import document_of, make_project, publish


def test_a_later_run_of_another_corpus_is_passed_over(tmp_path: Path) -> None:
    make_project(tmp_path)
    state = tmp_path / ".raftune"
    publish(state, "ingest", [document_of("other.md")], [in_memory("sources", Document, ())])
    steps = lineage(FileStore(state / "objects"), Journal(state / "journal.jsonl"), STAGES, "assemble")
    assert list(steps) == ["ingest", "chunk", "answer", "review", "assemble"]
    assert len(steps["ingest"].artifact) == 3
    assert dict(steps["answer"].artifact.rejected) == {"cut off": 3}


def test_there_is_none_before_a_run(tmp_path: Path) -> None:
    assert lineage(FileStore(tmp_path), Journal(tmp_path / "none"), STAGES, "assemble") == {}
