"""Files to documents: language, duplicates, rejects."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from raftune.artifact import in_memory
from raftune.errors import ConfigError, DocumentError
from raftune.readings import Limits, Opened, PageReading, ReadOptions, WordBox
from raftune.records import Document, Page, Source
from raftune.stage import Vision
from raftune.stages.ingest import IngestConfig, ingest, options_for
from tests.support import ScriptedChat, make_tools, rows_of

TEXTS = {"a.md": "The ferry leaves at nine.", "b.md": "여객선은 아홉 시에 출발한다."}


class Plugs:
    async def read(self, source: Source, options: ReadOptions, limits: Limits) -> AsyncIterator[Opened | PageReading]:
        if source.path not in TEXTS:
            raise DocumentError(f"{source.path} is damaged.", "Remove it.", "damaged")
        yield Opened("text/markdown", source.path, 1)
        yield PageReading(Page(number=1, text=TEXTS[source.path]), (WordBox(0, 3, 1.0, 2.0, 3.0, 4.0),), 612.0, 792.0)


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


def test_a_source_with_a_fault_is_counted(tmp_path: Path) -> None:
    tools = make_tools(tmp_path, Plugs())
    sources = [Source(path="a.md", sha256="a", size=1), Source(path="l", sha256="", size=0, fault="symbolic link")]
    assert len(rows_of(ingest, tools, IngestConfig(), in_memory("sources", Source, sources))) == 1
    assert dict(tools.draft.rejected) == {"symbolic link": 1}


def test_the_boxes_of_words_lie_beside_the_rows(tmp_path: Path) -> None:
    tools = make_tools(tmp_path, Plugs())
    rows_of(ingest, tools, IngestConfig(), in_memory("sources", Source, [Source(path="a.md", sha256="f00", size=1)]))
    row = json.loads((tools.draft.files / "words" / "f00.jsonl").read_text())
    assert row == {"page": 1, "size": [612.0, 792.0], "words": [[0, 3, 1.0, 2.0, 3.0, 4.0]]}


class Looking(Plugs):
    """A PDF of three pages, the last of which cannot be drawn, and a model that knows what stands on them."""

    texts = ("Fees are 12 coins.", "", "Ships pay 34 coins.")

    async def read(self, source: Source, options: ReadOptions, limits: Limits) -> AsyncIterator[Opened | PageReading]:
        yield Opened("application/pdf", source.path, 3)
        for number, text in enumerate(self.texts, 1):
            yield PageReading(Page(number=number, text=text, way="text"))

    async def picture(self, source: Source, page: int, dots_per_inch: int, limits: Limits) -> bytes:
        if page == 3:
            raise DocumentError("It is too large.", "Split it.", "too large")
        return b"\x89PNG" + bytes([page])

    def vision(self) -> Vision:
        return Vision("eyes", ScriptedChat(["# Fees\n\nFees are 12 coins.", "# A scan"]), at_once=1)


def looked(folder: Path, **config: Any) -> list[tuple[str, str]]:
    tools = make_tools(folder, Looking())
    source = Source(path="a.pdf", sha256="a", size=1)
    [row] = rows_of(ingest, tools, IngestConfig(**config), in_memory("sources", Source, [source]))
    return [(page.way, page.text) for page in row.pages]


def test_pages_are_read_by_vision_where_that_is_wanted(tmp_path: Path) -> None:
    seen = [("vision", "# Fees\n\nFees are 12 coins."), ("vision", "# A scan"), ("text", "Ships pay 34 coins.")]
    assert looked(tmp_path, pdf="vision") == seen
    assert looked(tmp_path, ways={"*.pdf#1": "vision"}) == [seen[0], ("text", ""), seen[2]]
    assert looked(tmp_path) == [("text", text) for text in Looking.texts]


def test_ways_for_files_and_pages() -> None:
    config = IngestConfig(pdf="text", ways={"scans/*": "ocr", "scans/b.pdf#2,4-5": "vision"})
    assert options_for(config, "a.pdf").way == "text"
    assert (options_for(config, "scans/a.pdf").way, options_for(config, "scans/a.pdf").ways) == ("ocr", {})
    assert options_for(config, "scans/b.pdf").ways == {2: "vision", 4: "vision", 5: "vision"}
    with pytest.raises(ConfigError, match="names no pages"):
        options_for(IngestConfig(ways={"a.pdf#x": "ocr"}), "a.pdf")
