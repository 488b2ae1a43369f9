"""The data rules of RAFT sets, by property: exact k, exact P, even positions, honest distractors, no leak."""

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.artifact import canonical_json_row, in_memory
from raftune.copies import Vocabulary
from raftune.distractors import holds_answer
from raftune.duplicates import same, words_of
from raftune.errors import DocumentError
from raftune.prompts import prompt_text
from raftune.records import Answer, Chunk, Example
from raftune.stages.assemble import AssembleConfig, assemble
from tests.support import make_answer, make_chunk, make_tools, rows_of

WORDS = [
    "harbour",
    "ferry",
    "pilot",
    "licence",
    "vessel",
    "fee",
    "tariff",
    "cargo",
    "anchor",
    "storm",
    "lantern",
    "rope",
    "crew",
    "quay",
]


LAYOUTS = st.sampled_from(["grouped", "clustered", "independent"])


class FromAPlace:
    """A retriever that finds the texts from one on, which one depends on the query."""

    async def index(self, texts: list[str]) -> None:
        self.count = len(texts)

    async def nearest(self, queries: list[str], count: int) -> list[list[int]]:
        return [[(sum(query.encode()) + near) % self.count for near in range(count)] for query in queries]


class Plugs:
    def retriever(self, name: str, language: str) -> FromAPlace:
        return FromAPlace()


def corpus(chunks: int, questions: int) -> tuple[list[Chunk], list[Answer]]:
    """Chunks of unlike words, four a document, each asked about so many times."""
    rows = [
        make_chunk(
            f"Rule {n}: {WORDS[n % 14]} {WORDS[n * 5 % 14]} number{n} costs {n}00 coins in port{n}.", n, f"d{n // 4}"
        )
        for n in range(chunks)
    ]
    answers = [
        make_answer(chunk, f"What does number{n} cost in port{n}, case {q}?", f"{n}00 coins")
        for n, chunk in enumerate(rows)
        for q in range(questions)
    ]
    return rows, answers


def run(folder: Path, chunks: list[Chunk], answers: list[Answer], seed: int = 0, **config: Any) -> list[Example]:
    tools = make_tools(folder, Plugs(), seed)
    inputs = (in_memory("answer", Answer, answers), in_memory("chunk", Chunk, chunks))
    return rows_of(assemble, tools, AssembleConfig(**config), *inputs)


def assembled(chunks: list[Chunk], answers: list[Answer], seed: int = 0, **config: Any) -> list[Example]:
    with tempfile.TemporaryDirectory() as folder:
        return run(Path(folder), chunks, answers, seed, **config)


def rejects(folder: Path) -> list[dict[str, str]]:
    path = folder / "draft" / "rejects.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@settings(max_examples=25, deadline=None)
@given(
    st.integers(30, 50),
    st.integers(1, 4),
    st.integers(0, 4),
    st.floats(0, 1),
    LAYOUTS,
    st.integers(1, 3),
    st.integers(0, 9),
)
def test_counts_are_exact(
    chunks: int, questions: int, k: int, share: float, layout: str, draws: int, seed: int
) -> None:
    rows, answers = corpus(chunks, questions)
    options: dict[str, Any] = {"distractors": k, "oracle_share": share, "layout": layout, "draws": draws, "test": 0.2}
    examples = assembled(rows, answers, seed, **options)
    assert sorted(one.answer for one in examples if one.draw == 0) == sorted(answer.id for answer in answers)
    for split, draw in [*(("train", draw) for draw in range(draws)), ("validation", 0), ("test", 0)]:
        members = [example for example in examples if (example.split, example.draw) == (split, draw)]
        shown = [example for example in members if example.oracle is not None]
        assert len(shown) == round(share * len(members))
        sets = {one.answer if layout == "independent" else one.group: one.oracle for one in shown}
        places = [list(sets.values()).count(place) for place in range(k + 1)]
        if layout != "clustered":
            assert max(places) - min(places) <= 1
    assert {example.draw for example in examples if example.split == "train"} == set(range(draws))
    assert {example.draw for example in examples if example.split != "train"} <= {0}
    for example in examples:
        shown_chunks = [document.chunk for document in example.documents]
        assert len(shown_chunks) == len(set(shown_chunks)) == k + 1
        assert [document.tier == "oracle" for document in example.documents] == [
            place == example.oracle for place in range(k + 1)
        ]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), LAYOUTS, st.integers(1, 2))
def test_nothing_leaks(seed: int, layout: str, draws: int) -> None:
    rows, answers = corpus(40, 2)
    examples = assembled(rows, answers, seed, distractors=3, test=0.3, layout=layout, draws=draws)
    chunk_by_id, answer_by_id = {row.id: row for row in rows}, {row.id: row for row in answers}
    kept_out = {answer_by_id[e.answer].chunk for e in examples if e.split != "train"}
    for example in examples:
        answer = answer_by_id[example.answer]
        for place, document in enumerate(example.documents):
            if place == example.oracle:
                assert document.chunk == answer.chunk
            else:
                assert document.chunk != answer.chunk
                assert not holds_answer(answer, Vocabulary().passage(chunk_by_id[document.chunk].text))
            if example.split == "train":
                assert document.chunk not in kept_out


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), LAYOUTS, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_what_stands_without_oracle_is_exact(
    seed: int, layout: str, share: float, memorise: float, near_miss: float
) -> None:
    options: dict[str, Any] = {
        "oracle_share": share,
        "without_oracle": "mixed",
        "memorise_share": memorise,
        "near_miss": near_miss,
    }
    examples = assembled(*corpus(40, 2), seed, layout=layout, distractors=2, **options)
    for split in ("train", "validation", "test"):
        hidden = [example for example in examples if example.split == split and example.oracle is None]
        behaviours = Counter(example.behaviour for example in hidden)
        assert behaviours["memorise"] == round(memorise * len(hidden))
        assert behaviours["answer"] == 0
        misses = sum(all(one.tier != "random" for one in e.documents) for e in hidden if e.behaviour == "abstain")
        assert misses >= round(near_miss * behaviours["abstain"])


def test_near_misses_are_as_many_as_asked() -> None:
    examples = assembled(*corpus(60, 3), oracle_share=0.4, near_miss=0.3, document_share=0, near_share=0, test=0)
    for split in ("train", "validation"):
        hidden = [e for e in examples if e.split == split and e.oracle is None]
        misses = [e for e in hidden if all(one.tier == "near" for one in e.documents)]
        others = [e for e in hidden if all(one.tier == "random" for one in e.documents)]
        assert len(misses) == round(0.3 * len(hidden))
        assert len(misses) + len(others) == len(hidden)


def test_tiers_are_shared_out_as_asked() -> None:
    examples = assembled(*corpus(80, 2), oracle_share=1.0, distractors=3, document_share=0.2, near_share=0.5)
    groups = {example.group: example for example in examples if example.split == "train"}
    tiers = Counter(document.tier for example in groups.values() for document in example.documents)
    assert abs(tiers["document"] - 0.2 * 3 * len(groups)) < 1
    assert abs(tiers["near"] - 0.5 * 3 * len(groups)) < 1
    documents = {row.id: row.document for row in corpus(80, 2)[0]}
    for example in groups.values():
        for document in example.documents:
            assert document.tier != "document" or documents[document.chunk] == documents[example.group]


def test_quotes_are_verbatim_and_only_of_shown_documents() -> None:
    examples = assembled(*corpus(40, 2), distractors=2, oracle_share=0.5, draws=2)
    for example in examples:
        if example.oracle is None:
            assert (example.quotes, example.reasoning) == ((), "")
        else:
            assert example.quotes
        for quote in example.quotes:
            document = example.documents[example.oracle]  # type: ignore[index]
            assert (document.chunk, document.text[quote.start : quote.end]) == (quote.chunk, quote.text)


@pytest.mark.parametrize(("policy", "behaviour"), [("abstain", "abstain"), ("memorise", "memorise")])
def test_the_policy_without_oracle(policy: str, behaviour: str) -> None:
    examples = [e for e in assembled(*corpus(40, 2), oracle_share=0.5, without_oracle=policy) if e.oracle is None]
    assert examples
    assert {example.behaviour for example in examples} == {behaviour}
    for example in examples:
        assert example.final == (prompt_text("abstain", "en") if policy == "abstain" else example.reference)


@pytest.mark.parametrize("draws", [1, 3])
def test_rows_in_are_rows_out_and_rejected(tmp_path: Path, draws: int) -> None:
    chunks, answers = corpus(40, 2)
    answers[3] = answers[3].changed(flags=("closed_book",))
    options: dict[str, Any] = {"without_oracle": "drop", "oracle_share": 0.75, "flagged": "drop", "draws": draws}
    examples = run(tmp_path, chunks, answers, **options)
    rejected = rejects(tmp_path)
    assert {row["reason"] for row in rejected} == {"without oracle", "flagged"}
    assert [row["row"] for row in rejected if row["reason"] == "flagged"] == [answers[3].id]
    kept = {example.answer for example in examples}
    assert sorted([*kept, *(row["row"] for row in rejected)]) == sorted(answer.id for answer in answers)
    assert len(examples) == sum(draws if e.split == "train" else 1 for e in examples if e.draw == 0)
    assert all(example.oracle is not None for example in examples)


def test_kind_and_flags_come_from_the_answer() -> None:
    chunks, answers = corpus(30, 1)
    marked = [answer.changed(kind="number", flags=("closed_book",)) for answer in answers]
    examples = assembled(chunks, marked, distractors=2)
    assert {(example.kind, example.flags) for example in examples} == {("number", ("closed_book",))}


def test_positions_are_uniform_in_a_large_set() -> None:
    rows, answers = corpus(1200, 1)
    for layout in ("grouped", "clustered"):
        examples = assembled(rows, answers, 3, distractors=3, oracle_share=1.0, layout=layout)
        counts = Counter(example.oracle for example in examples)
        expected = sum(counts.values()) / 4
        chi_square = sum((counts[place] - expected) ** 2 / expected for place in range(4))
        assert chi_square < 11.34  # 99 % point of the chi-square distribution with 3 degrees of freedom


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    def written(seed: int) -> list[str]:
        return [canonical_json_row(one) for one in assembled(*corpus(30, 2), seed, draws=2)]

    assert written(1) == written(1) != written(2)


@pytest.mark.parametrize("split_by", ["chunk", "document", "question"])
def test_added_documents_leave_old_groups_in_their_splits(split_by: str) -> None:
    few, more = corpus(32, 2), corpus(48, 2)
    before = {example.group: example.split for example in assembled(*few, distractors=2, split_by=split_by)}
    after = {example.group: example.split for example in assembled(*more, distractors=2, split_by=split_by)}
    assert before.items() <= after.items()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 99))
def test_no_question_is_asked_again_in_another_split(seed: int) -> None:
    rows, answers = corpus(40, 1)
    answers = [
        *answers,
        *(
            make_answer(rows[(n + 7) % 40], f"Now what does number{n} cost really in the port{n}, case 0?", "coins")
            for n in range(40)
        ),
        *(make_answer(rows[n], "Which coins are paid for the rules of every port?", "coins") for n in range(0, 40, 5)),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        examples = run(folder, rows, answers, seed, distractors=2, test=0.3, validation=0.2)
        rejected = rejects(folder)
        report = json.loads((folder / "draft" / "files" / "leakage.json").read_text(encoding="utf-8"))
    assert len(examples) + len(rejected) == len(answers)
    assert {row["reason"] for row in rejected} <= {
        "near-duplicate of a test question",
        "near-duplicate of a validation question",
    }
    for one in examples:
        for other in examples:
            assert one.split == other.split or not same(words_of(one.text), words_of(other.text))
    for row in report["shared"]:
        assert {row[name] for name in ("groups", "questions", "oracles", "oracle_copies")} == {0}
        assert row["of"] != "train" or row["held_out_oracles_shown"] == 0


def test_training_has_no_copy_of_a_held_out_passage(tmp_path: Path) -> None:
    rows, answers = corpus(60, 1)
    page = "Every master of a vessel reports to the harbour before it enters and again before it leaves the port."
    copies = [make_chunk(f"{page} Page {n}.", 900 + n, f"c{n}") for n in range(20)]
    asked = [make_answer(chunk, f"What does page {n} tell a master to do?", "report") for n, chunk in enumerate(copies)]
    examples = run(tmp_path, rows + copies, answers + asked, distractors=2, test=0.3)
    copied = {chunk.id for chunk in copies}
    assert {e.split for e in examples if e.group in copied} == {"validation", "test"}
    assert not [e for e in examples if e.split == "train" and copied & {one.chunk for one in e.documents}]
    rejected = rejects(tmp_path)
    assert {row["reason"] for row in rejected} == {"about a copy of a held-out passage"}
    assert len(examples) + len(rejected) == 80


def test_the_papers_split_by_question_may_share_passages(tmp_path: Path) -> None:
    rows, answers = corpus(40, 4)
    examples = run(tmp_path, rows, answers, distractors=2, split_by="question", test=0.3)
    assert len(examples) == len(answers)
    report = json.loads((tmp_path / "draft" / "files" / "leakage.json").read_text(encoding="utf-8"))
    shared = {(row["of"], row["held_out"]): row for row in report["shared"]}
    assert report["split_by"] == "question"
    assert shared["train", "test"]["oracles"] > 0
    assert shared["train", "test"]["questions"] == shared["train", "test"]["groups"] == 0


def test_each_draw_shows_other_documents() -> None:
    examples = assembled(*corpus(60, 2), distractors=3, draws=3)
    sets: dict[str, set[str]] = {}
    for example in examples:
        if example.split == "train":
            sets.setdefault(example.answer, set()).add(" ".join(sorted(one.chunk for one in example.documents)))
    assert sum(len(found) == 3 for found in sets.values()) > 0.9 * len(sets)


def test_grouped_questions_share_their_documents() -> None:
    examples = assembled(*corpus(30, 4), layout="grouped", oracle_share=1.0)
    sets: dict[str, set[str]] = {}
    for example in examples:
        sets.setdefault(example.group, set()).add(example.document_set)
    assert all(len(found) == 1 for found in sets.values())


def test_clustered_chunks_are_each_others_distractors() -> None:
    examples = [e for e in assembled(*corpus(40, 3), layout="clustered", distractors=3) if e.split == "train"]
    asked: dict[str, set[int | None]] = {}
    for example in examples:
        asked.setdefault(example.document_set, set()).add(example.oracle)
    assert sum(len(places - {None}) > 1 for places in asked.values()) >= len(asked) / 2
    assert len(asked) < len({example.group for example in examples})
    hidden = [example for example in examples if example.oracle is None]
    assert any(len(asked[example.document_set]) > 1 for example in hidden)


def test_too_few_chunks_for_k_is_said_plainly() -> None:
    with pytest.raises(DocumentError, match="passages can serve as distractors, but 9 are wanted") as caught:
        assembled(*corpus(6, 1), distractors=9, oracle_share=1.0)
    assert "assemble.distractors" in caught.value.advice
    assert caught.value.exit_code == 3


def test_shares_of_more_than_one_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 1 together"):
        AssembleConfig(document_share=0.6, near_share=0.5)


def test_no_training_question_is_said_plainly() -> None:
    with pytest.raises(DocumentError, match="No question is left for training"):
        assembled(*corpus(3, 1), test=0.9, validation=0.09)
