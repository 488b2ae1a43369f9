"""Chunks with exact spans and pages."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from raftune.artifact import in_memory
from raftune.contracts import SplitOptions
from raftune.embedders.hashed import HashedEmbedder
from raftune.errors import DocumentError
from raftune.models.tokens import characters, estimated
from raftune.personal_data import MASK
from raftune.records import Chunk, Document, Language, Page
from raftune.registry import load
from raftune.stages.chunk import ChunkConfig, chunk
from tests.support import make_tools, rows_of

TEXTS = [
    f"## Part {n}\n\nRule {n} says that port {n} is closed in winter. " + f"Ships wait there for {n} days." * 8
    for n in range(6)
]


def document(*texts: str, language: Language = "en") -> Document:
    return Document(
        path="rules.md",
        sha256="0",
        media_type="text/markdown",
        title="Rules",
        language=language,
        pages=tuple(Page(number=number, text=text) for number, text in enumerate(texts, 1)),
    )


DOCUMENT = document(*TEXTS)


class Plugs:
    def __init__(self) -> None:
        self.languages: list[str] = []

    def measure(self, unit: str) -> Callable[[str], Sequence[int]]:
        return characters if unit == "characters" else estimated

    def splitter(self, name: str, options: SplitOptions, language: Language) -> Any:
        self.languages.append(language)
        return load("splitters", name)(SplitOptions(**{**vars(options), "embedder": HashedEmbedder(64)}))


def chunked(folder: Path, *documents: Document, **config: Any) -> list[Chunk]:
    settings = ChunkConfig(**{"unit": "characters", **config})
    inputs = in_memory("ingest", Document, documents or [DOCUMENT])
    return rows_of(chunk, make_tools(folder, Plugs()), settings, inputs)


@pytest.mark.parametrize("splitter", ["semantic", "structure"])
def test_spans_are_exact_and_pages_right(tmp_path: Path, splitter: str) -> None:
    rows = chunked(tmp_path, splitter=splitter, maximum=300, minimum=50)
    assert {page for row in rows for page in row.pages} == {1, 2, 3, 4, 5, 6}
    for row in rows:
        assert DOCUMENT.text[row.start : row.end] == row.text
        assert row.headings == (f"Part {row.pages[0] - 1}",)
        assert len(row.pages) == 1


def test_sizes_are_tokens_by_default(tmp_path: Path) -> None:
    text = "항만은 칠십세 곳이다. " * 60
    rows = chunked(tmp_path, document(text, language="ko"), unit="tokens", maximum=100, minimum=20)
    assert max(len(estimated(row.text)) for row in rows) <= 100
    assert max(len(row.text) for row in rows) > 100
    assert ChunkConfig().unit == "tokens"
    assert ChunkConfig().splitter == "semantic"


def test_a_chunk_from_the_middle_of_a_table_repeats_its_header(tmp_path: Path) -> None:
    rows = [f"| harbour {number} | {number} ships a day |" for number in range(40)]
    made = document("| harbour | traffic |\n| --- | --- |\n" + "\n".join(rows[:20]), "\n".join(rows[20:]))
    first, *others = chunked(tmp_path, made, splitter="structure", maximum=300, minimum=0)
    assert first.header is None
    for row in others:
        assert row.header == (0, 35)
        assert row.text.startswith("| harbour | traffic |\n| --- | --- |\n| harbour ")
        assert len(row.text) <= 300
        place = row.text.index("| harbour", 40)
        [(start, end)] = row.document_spans(place, place + 12)
        assert made.text[start:end] == row.text[place : place + 12]
    assert {page for row in others for page in row.pages} == {1, 2}


def test_the_splitter_is_told_the_language(tmp_path: Path) -> None:
    tools = make_tools(tmp_path, Plugs())
    both = [
        document("The harbour is closed in winter."),
        document("항만은 겨울에 닫는다. 배는 항만에서 기다려야 한다.", language="ko"),
    ]
    rows_of(chunk, tools, ChunkConfig(), in_memory("ingest", Document, both))
    assert tools.plugs.languages == ["en", "ko"]  # type: ignore[attr-defined]


def test_passages_overlap_where_asked(tmp_path: Path) -> None:
    text = " ".join(f"Sentence number {number} is here." for number in range(40))
    rows = chunked(tmp_path, document(text), maximum=200, minimum=50, overlap=60)
    assert any(later.start < earlier.end for earlier, later in pairwise(rows))


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


def test_sizes_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValidationError, match="minimum must not be over maximum"):
        ChunkConfig(maximum=100, minimum=200)
    with pytest.raises(ValidationError, match="overlap over half"):
        ChunkConfig(maximum=100, minimum=20, overlap=60)


PRIVATE = document(
    "## Contact\n\nThe manager, Kim, is at 010-1234-5678 or kim@bank.co.kr during office hours.\n\n"
    + "Ships wait. " * 30,
    "## Fees\n\nThe business number of the bank is 124-81-00998, and its fee is 30 dollars a month for each account.",
)


def test_personal_data_is_masked_character_by_character(tmp_path: Path) -> None:
    rows = chunked(tmp_path, PRIVATE, splitter="structure", maximum=300, minimum=20)
    first, last = rows[0], rows[-1]
    assert "███-████-████ or ███@████.██.██" in first.text
    assert first.masked == ("email", "phone")
    assert "124-81-00998" in last.text
    assert last.masked == ()
    for row in rows:
        assert len(row.text) == row.end - row.start
        assert all(
            shown in (MASK, real) for shown, real in zip(row.text, PRIVATE.text[row.start : row.end], strict=True)
        )


def test_blocked_passages_are_rejected_without_their_data(tmp_path: Path) -> None:
    tools = make_tools(tmp_path, Plugs())
    config = ChunkConfig(unit="characters", splitter="structure", maximum=300, minimum=20, personal_data="block")
    rows = rows_of(chunk, tools, config, in_memory("ingest", Document, [PRIVATE]))
    assert dict(tools.draft.rejected) == {"personal data": 1}
    written = (tools.draft.folder / "rejects.jsonl").read_text(encoding="utf-8")
    assert "email, phone" in written
    assert "1234" not in written
    assert all("Kim" not in row.text for row in rows)


def test_personal_data_is_allowed_where_wanted_and_kinds_can_be_chosen(tmp_path: Path) -> None:
    allowed = chunked(tmp_path / "a", PRIVATE, personal_data="allow")
    assert any("010-1234-5678" in row.text for row in allowed)
    business = chunked(tmp_path / "b", PRIVATE, personal_kinds=("business_number",))
    assert any("010-1234-5678" in row.text for row in business)
    assert all("124-81-00998" not in row.text for row in business)
