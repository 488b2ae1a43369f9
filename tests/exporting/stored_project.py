"""A project whose artifacts were stored without running anything."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from raftune.artifact import Artifact, in_memory
from raftune.digest import digest
from raftune.records import Answer, Chunk, Decision, Document, Example, Page, Record
from raftune.runner import Journal
from raftune.stores.files import FileStore
from tests.support import make_answer, make_chunk

TEXTS = ("The fee for berth {} is {} coins.", "정박지 {}의 요금은 {}원이다.")


def publish(
    state: Path, stage: str, rows: Sequence[Record], inputs: Sequence[Artifact[Any]], rejects: int = 0
) -> Artifact[Any]:
    """An artifact in the store, noted in the journal as if it had been run."""
    parts = {
        "stage": stage,
        "config": {"distractors": 1} if stage == "assemble" else {},
        "prompts": {stage: digest(stage)},
        "inputs": {artifact.name: artifact.digest for artifact in inputs},
    }
    key = digest([parts, [row.id for row in rows]])
    store = FileStore(state / "objects")
    with store.draft(stage, key, parts) as draft:
        for row in rows:
            draft.add(row)
        for number in range(rejects):
            draft.reject(str(number), "cut off", "")
    Journal(state / "journal.jsonl").note(stage, key, parts, 1.0)
    found = store.find(stage, key, type(rows[0]))
    assert found is not None
    return found


def make_project(folder: Path, settings: str = "", rows: int = 12) -> list[Example]:
    """Documents in two languages, their chunks, answers and examples; gives the examples."""
    state = folder / ".raftune"
    state.mkdir(parents=True)
    (folder / "documents").mkdir()
    (folder / "raftune.toml").write_text(f'name = "harbour | 항만"\nseed = 7\n{settings}', encoding="utf-8")
    chunks = [
        make_chunk(TEXTS[n % 2].format(n, 10 * n + 3), n, ("fees", "요금")[n % 2], ("en", "ko")[n % 2])
        for n in range(rows)
    ]
    chunks.append(make_chunk("Nobody asks about this and nobody shows it.", rows, "unused"))
    documents = [document_of(path) for path in sorted({chunk.path for chunk in chunks})]
    answers = [make_answer(chunk, f"What is fee {n}?", str(10 * n + 3)) for n, chunk in enumerate(chunks[:rows])]
    ingested = publish(state, "ingest", documents, [in_memory("sources", Document, ())])
    cut = publish(state, "chunk", chunks, [ingested])
    written = publish(state, "answer", answers, [cut], rejects=3)
    approved = publish(state, "review", answers, [written, in_memory("decisions", Decision, ()), cut])
    examples = [
        example_of(answer, chunks[n], chunks[(n + 2) % rows], ("train", "train", "validation", "test")[n // 2 % 4])
        for n, answer in enumerate(answers)
    ]
    publish(state, "assemble", examples, [approved, cut])
    return examples


def document_of(path: str) -> Document:
    """A read document of one page."""
    return Document(
        path=path,
        sha256=digest(path, 64),
        media_type="text/markdown",
        title=path.removesuffix(".md"),
        language="en",
        pages=(Page(number=1, text=""),),
    )


def example_of(answer: Answer, oracle: Chunk, other: Chunk, split: Any) -> Example:
    """An example that shows its oracle and one more chunk."""
    return Example(
        answer=answer.id,
        text=answer.text,
        documents=tuple({"chunk": chunk.id, "text": chunk.text} for chunk in (other, oracle)),
        oracle=1,
        group=oracle.id,
        document_set=oracle.id,
        source=oracle.path,
        split=split,
        behaviour="answer",
        reasoning="",
        quotes=answer.quotes,
        final=answer.final,
        reference=answer.final,
        language=answer.language,
    )
