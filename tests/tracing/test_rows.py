"""Rows lead back to passages, passages to documents."""

from pathlib import Path

import pytest

from raftune.artifact import Artifact, Draft, open_artifact
from raftune.errors import ConfigError
from raftune.readings import PageReading, WordBox
from raftune.records import Chunk, CostQuote, Document, Page, Question, Source
from raftune.stages.ingest import write_words
from raftune.tracing.places import Box, Place
from raftune.tracing.rows import around, label_of, named_document, spans_of, trace
from tests.support import make_answer

PAGE = Page(number=7, text="The fee is 12 coins.", way="text")
WORDS = (WordBox(0, 10, 10, 20, 60, 32), WordBox(11, 20, 62, 20, 120, 32))


def document_of(path: str = "a.pdf", part: str = "", text: str = "") -> Document:
    pages = (PAGE if not text else PAGE.changed(text=text),)
    kind = "application/pdf" if path.endswith("pdf") else "text/plain"
    return Document(path=path, part=part, sha256="s", media_type=kind, title="", language="en", pages=pages)


def chunk_of(document: Document, start: int = 0, end: int | None = None) -> Chunk:
    text = document.text[start:end]
    return Chunk(
        document=document.id,
        path=document.path,
        text=text,
        start=start,
        end=start + len(text),
        pages=(7,),
        headings=(),
        language="en",
    )


def stored(folder: Path, *rows: Chunk | Document) -> Artifact[object]:
    folder.mkdir()
    draft = Draft(folder, "test", {})
    for row in rows:
        draft.add(row)
        if isinstance(row, Document):
            reading = PageReading(PAGE, WORDS, 612, 792)
            write_words(draft.files / "words", Source(path="a", sha256="s", size=1), reading)
    draft.finish()
    return open_artifact(folder, type(rows[0]))


def test_a_quote_leads_to_its_rectangles(tmp_path: Path) -> None:
    document = document_of()
    chunk = chunk_of(document)
    other = stored(tmp_path / "newer", chunk_of(document_of("b.pdf")))
    chunks, documents = [other, stored(tmp_path / "chunk", chunk)], [stored(tmp_path / "ingest", document)]
    (found,) = trace(make_answer(chunk, "How much?", "12", quote="12 coins."), chunks, documents)
    assert (found.text, found.drawn) == ("12 coins.", True)
    assert found.places == (Place(7, "text", (Box(62, 20, 120, 32),), (612, 792)),)
    question = Question(chunk=chunk.id, item=0, text="?", language="en")
    for row in (chunk, question):
        (found,) = trace(row, chunks, documents)
        assert found.places[0].rectangles == (Box(10, 20, 120, 32),)


def test_a_passage_that_is_gone_is_named(tmp_path: Path) -> None:
    chunk = chunk_of(document_of())
    with pytest.raises(ConfigError, match=f"chunk {chunk.id} is not stored"):
        trace(make_answer(chunk, "How much?", "12"), [stored(tmp_path / "chunk", chunk_of(document_of("b.pdf")))], [])


def test_a_row_without_a_passage_is_refused() -> None:
    quote = CostQuote(examples=1, prompt_tokens=1, answer_tokens=1, longest=1, epochs=1, flops=1.0, dollars=None)
    with pytest.raises(ConfigError, match="stands on no passage"):
        list(spans_of(quote))


def test_the_text_around_is_cut_at_words(tmp_path: Path) -> None:
    text = "one two three four The fee is 12 coins. five six seven eight"
    document = document_of("a.txt", text=text)
    chunk = chunk_of(document, 19, 39)
    documents = [stored(tmp_path / "ingest", document)]
    (found,) = trace(chunk, [stored(tmp_path / "chunk", chunk)], documents)
    assert (found.text, found.drawn) == ("The fee is 12 coins.", False)
    assert around(found, 100) == ("one two three four ", " five six seven eight")
    assert around(found, 8) == ("… four ", " five …")


def test_documents_are_found_by_a_part_of_their_names() -> None:
    documents = [
        document_of("2023/report.pdf"),
        document_of("report.pdf"),
        document_of("항만.txt"),
        document_of("a.json", "3"),
    ]
    assert named_document(documents, "REPORT.pdf").path == "report.pdf"
    assert named_document(documents, "2023/").path == "2023/report.pdf"
    assert named_document(documents, "항만").path == "항만.txt"
    assert label_of(named_document(documents, "a.json#3")) == "a.json#3"
    with pytest.raises(ConfigError, match="No document that was read is called 'z'"):
        named_document(documents, "z")
    with pytest.raises(ConfigError, match="2 documents have 'rep'") as caught:
        named_document(documents, "rep")
    assert "2023/report.pdf, report.pdf" in caught.value.advice
