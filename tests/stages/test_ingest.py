"""Files to documents: language, duplicates, rejects."""

from pathlib import Path
from typing import Any

import pytest

from raftune.artifact import in_memory
from raftune.contracts import Reading
from raftune.errors import DocumentError
from raftune.records import Document, Page, Source
from raftune.stages.ingest import IngestConfig, ingest
from tests.support import make_tools, rows_of

TEXTS = {"a.md": "The ferry leaves at nine.", "b.md": "여객선은 아홉 시에 출발한다."}


class Plugs:
    async def read(self, source: Source) -> tuple[str, Reading]:
        if source.path not in TEXTS:
            raise DocumentError(f"{source.path} is damaged.", "Remove it.", "damaged")
        return "text/markdown", Reading(source.path, (Page(number=1, text=TEXTS[source.path]),))


def ingested(folder: Path, *names: str) -> tuple[list[Document], Any]:
    tools = make_tools(folder, Plugs())
    sources = [Source(path=name, sha256=TEXTS.get(name.removeprefix("copy of "), name), size=1) for name in names]
    return rows_of(ingest, tools, IngestConfig(), in_memory("sources", Source, sources)), dict(tools.draft.rejected)


def test_the_language_is_seen(tmp_path: Path) -> None:
    rows, _ = ingested(tmp_path, "a.md", "b.md")
    assert [row.language for row in rows] == ["en", "ko"]


def test_files_in_are_documents_out_or_rejects(tmp_path: Path) -> None:
    rows, rejected = ingested(tmp_path, "a.md", "broken.pdf", "copy of a.md")
    assert [row.path for row in rows] == ["a.md"]
    assert rejected == {"damaged": 1, "duplicate file": 1}


def test_no_files_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no documents"):
        ingested(tmp_path)


def test_only_bad_files_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="None of the 2 files"):
        ingested(tmp_path, "x.pdf", "y.pdf")
