"""One description of everything up to the examples."""

from pathlib import Path

from raftune.artifact import Artifact, in_memory
from raftune.records import Answer, Chunk, Document, Example, Page, Question
from raftune.report_records import DatasetDescription
from raftune.stages.describe import DescribeConfig, describe
from tests.made_up import make_example
from tests.support import make_answer, make_tools, rows_of

TEXTS = ("The fee is 30 euros.", "The office opens at nine.", "Nobody asks about this.")


def described(folder: Path) -> DatasetDescription:
    """A document of three chunks: one of them used, one whose answer was left out, one without questions."""
    pages = tuple(Page(number=number, text=text) for number, text in enumerate(TEXTS, 1))
    document = Document(path="fees.pdf", sha256="a", media_type="application/pdf", title="", language="en", pages=pages)
    chunks = [
        Chunk(
            document=document.id,
            path="fees.pdf",
            text=text,
            start=document.text.index(text),
            end=document.text.index(text) + len(text),
            pages=(number,),
            headings=(),
            language="en",
        )
        for number, text in enumerate(TEXTS, 1)
    ]
    answers = [make_answer(chunk, f"Question {n}?", "30 euros") for n, chunk in enumerate(chunks[:2])]
    questions = [Question(chunk=answer.chunk, item=0, text=answer.text, language="en") for answer in answers]
    examples = [make_example(answer=answers[0].id, kind="number", split="train")]
    verified = Artifact("verify", "d", 1, Answer, None, (answers[0],), (("not supported", 1),))
    artifacts = (
        in_memory("ingest", Document, [document]),
        in_memory("chunk", Chunk, chunks),
        in_memory("ask", Question, questions),
        in_memory("answer", Answer, answers),
        verified,
        in_memory("review", Answer, answers[:1]),
        in_memory("assemble", Example, examples),
    )
    rows = rows_of(describe, make_tools(folder), DescribeConfig(), *artifacts)
    assert len(rows) == 1
    return rows[0]


def test_the_funnel_names_rows_and_reasons_by_stage(tmp_path: Path) -> None:
    funnel = described(tmp_path).funnel
    assert [(step.stage, step.rows) for step in funnel] == [
        ("chunk", 3),
        ("ask", 2),
        ("answer", 2),
        ("verify", 1),
        ("review", 1),
        ("assemble", 1),
    ]
    assert funnel[3].rejected == (("not supported", 1),)


def test_coverage_tells_what_no_question_touches(tmp_path: Path) -> None:
    coverage = described(tmp_path).coverage[0]
    assert [(one.state, one.pages) for one in coverage.stretches] == [
        ("used", (1,)),
        ("lost", (2,)),
        ("untouched", (3,)),
    ]
    assert (coverage.name, coverage.questions, coverage.examples) == ("fees.pdf", 2, 1)
    assert coverage.idle_pages == (3,)
    assert len(coverage.idle) == 1


def test_a_description_is_stored_and_read_again(tmp_path: Path) -> None:
    found = described(tmp_path)
    assert DatasetDescription.from_row(found.to_row()) == found
    assert found.positions == (1,)
    assert [spread.sort for spread in found.lengths] == ["question", "answer", "document", "prompt"]
