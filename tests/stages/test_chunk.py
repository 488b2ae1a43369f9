"""Chunks with exact spans and pages."""

from pathlib import Path
from typing import Any

import pytest

from raftune.artifact import in_memory
from raftune.errors import DocumentError
from raftune.records import Document, Page
from raftune.splitters import structure
from raftune.stages.chunk import ChunkConfig, chunk
from tests.support import make_tools, rows_of

TEXTS = [
    f"## Part {n}\n\nRule {n} says that port {n} is closed in winter. " + f"Ships wait there for {n} days." * 8
    for n in range(6)
]
DOCUMENT = Document(
    path="rules.md",
    sha256="0",
    media_type="text/markdown",
    title="Rules",
    language="en",
    pages=tuple(Page(number=number, text=text) for number, text in enumerate(TEXTS, 1)),
)


class Plugs:
    def splitter(self, name: str, maximum: int, minimum: int) -> Any:
        return structure.plug(maximum, minimum)


def chunked(folder: Path, document: Document = DOCUMENT, **config: Any) -> list[Any]:
    return rows_of(chunk, make_tools(folder, Plugs()), ChunkConfig(**config), in_memory("ingest", Document, [document]))


def test_spans_are_exact_and_pages_right(tmp_path: Path) -> None:
    rows = chunked(tmp_path, maximum=300, minimum=50)
    assert [row.pages for row in rows] == [(number,) for number in range(1, 7)]
    for row in rows:
        assert DOCUMENT.text[row.start : row.end] == row.text
    assert rows[3].headings[-1] == "Part 3"


def test_a_sample_is_part_of_the_whole_and_stays(tmp_path: Path) -> None:
    whole = chunked(tmp_path / "a", maximum=300, minimum=50)
    sample = chunked(tmp_path / "b", maximum=300, minimum=50, sample=2)
    assert len(sample) == 2
    assert set(sample) <= set(whole)
    assert sample == chunked(tmp_path / "c", maximum=300, minimum=50, sample=2)


def test_documents_without_text_are_said_plainly(tmp_path: Path) -> None:
    empty = DOCUMENT.changed(pages=(Page(number=1, text="42"),))
    with pytest.raises(DocumentError, match="no text to work with"):
        chunked(tmp_path, empty)
