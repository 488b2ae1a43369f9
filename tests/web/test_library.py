"""Rows are found in the latest artifact and in those before it."""

from pathlib import Path

from raftune import api
from raftune.api import open_project, stored
from raftune.cli.watch import Quiet
from raftune.records import Chunk, Document
from raftune.web.library import Library


def test_rows_of_the_last_run_and_of_earlier_ones(project: Path) -> None:
    library, opened = Library(project / "ui"), open_project(project)
    chunk = next(row for row in stored(opened, "chunk") if isinstance(row, Chunk))
    assert library.chunk(opened, chunk.id) == chunk
    api.run(open_project(project, ["chunk.maximum=150"]), Quiet(), until="chunk")
    assert chunk.id not in {row.id for row in stored(opened, "chunk")}
    assert library.chunk(opened, chunk.id) == chunk
    found = library.document(opened, chunk.document)
    assert found is not None
    assert isinstance(found[1], Document)
    assert library.document(opened, chunk.document) is found or library.document(opened, chunk.document) == found
    assert library.document(opened, "0" * 20) is None
    assert library.boxes(*found)([1])[1].words
    library.close()


def test_a_stage_that_was_not_run(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    library = Library(tmp_path / "ui")
    assert library.latest(open_project(tmp_path), "chunk") is None
    library.prepare(open_project(tmp_path))
    assert library.desks == {}


def test_few_documents_are_kept_in_memory(project: Path) -> None:
    library, opened = Library(project / "ui"), open_project(project)
    for row in stored(opened, "ingest"):
        library.document(opened, row.id)
    assert len(library.documents) == 2
    desk = library.desk(opened)
    assert library.desk(opened) is desk
    assert not library.preparing
    assert desk.count == 36
    library.close()
