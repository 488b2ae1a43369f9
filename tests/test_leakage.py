"""What is kept apart, and that the report counts what was not."""

from raftune.distractors import Passages
from raftune.leakage import LeakageReport, repeated_passages, repeated_questions
from raftune.records import Answer, Chunk, ContextDocument, Example, Split
from tests.support import make_answer, make_chunk

PAGE = "Every pilot of the harbour pays a yearly fee of 300 coins for the licence and carries it on board."
CHUNKS = [
    make_chunk(PAGE, 0),
    make_chunk(f"{PAGE} As before.", 1, "e"),
    make_chunk("Ferries leave at nine.", 2),
]
PASSAGES = Passages(CHUNKS)
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


def about(place: int, question: str) -> Answer:
    return make_answer(CHUNKS[place], question, "coins")


def test_training_gives_way_to_validation_and_both_to_testing() -> None:
    ask = "Which yearly fee does every pilot of the harbour pay?"
    again = "Which yearly fee does every pilot of the harbour now pay?"
    by_split: dict[Split, list[Answer]]
    by_split = {"train": [about(0, again)], "validation": [about(1, ask)], "test": [about(2, "When do ferries leave?")]}
    assert [(leak.answer.text, leak.reason) for leak in repeated_questions(by_split)] == [
        (again, "near-duplicate of a validation question")
    ]
    by_split = {"train": [about(0, again)], "validation": [about(1, ask)], "test": [about(2, ask)]}
    assert [leak.reason for leak in repeated_questions(by_split)] == ["near-duplicate of a test question"] * 2


def test_copies_of_held_out_passages_are_found() -> None:
    by_split: dict[Split, list[Answer]] = {"train": [about(2, "a")], "validation": [], "test": [about(0, "b")]}
    assert repeated_passages(by_split, PASSAGES) == {0, 1}
    assert repeated_passages({**by_split, "test": []}, PASSAGES) == set()


def example(answer: Answer, split: Split, shown: list[Chunk]) -> Example:
    return Example(
        answer=answer.id,
        text=answer.text,
        documents=tuple(ContextDocument(chunk=chunk.id, text=chunk.text) for chunk in shown),
        oracle=None,
        group=answer.chunk,
        document_set="",
        source="",
        split=split,
        behaviour="abstain",
        reasoning="",
        quotes=(),
        final="",
        reference="",
        language="en",
    )


def test_the_report_counts_what_splits_share() -> None:
    asked = [about(0, "What does a pilot pay?"), about(1, "What do pilots carry?"), about(2, "When do ferries leave?")]
    again = [about(0, "What does a pilot pay?"), about(1, "What do pilots carry?")]
    report = LeakageReport(PASSAGES, {answer.id: answer.chunk for answer in [*asked, *again]})
    for one in asked:
        report.note(example(one, "train", CHUNKS[1:]))
    report.note(example(again[0], "test", CHUNKS[:1]))
    made = report.as_json("chunk")
    assert made["examples"] == {"train": 3, "validation": 0, "test": 1}
    counts = {(row["of"], row["held_out"]): row for row in made["shared"]}
    assert len(counts) == 3
    assert counts["train", "test"] == {
        "of": "train",
        "held_out": "test",
        "groups": 1,
        "questions": 1,
        "oracles": 1,
        "oracle_copies": 1,
        "held_out_oracles_shown": 0,
        "files": 1,
        "documents_shown": 0,
    }
    assert {counts["train", "validation"][name] for name in ("groups", "questions", "oracles", "files")} == {0}
