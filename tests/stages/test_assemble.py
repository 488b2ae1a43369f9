"""The data rules of RAFT sets, by property: exact k, exact P, even positions, honest distractors, no leak."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.artifact import in_memory
from raftune.distractors import chunk_words, holds_answer
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


class FirstOnes:
    """A retriever that finds the first texts."""

    def index(self, texts: list[str]) -> None:
        self.count = len(texts)

    def nearest(self, query: str, count: int) -> list[int]:
        return list(range(min(count, self.count)))


class Plugs:
    def retriever(self, name: str) -> FirstOnes:
        return FirstOnes()


def corpus(chunks: int, questions: int) -> tuple[list[Chunk], list[Answer]]:
    """Chunks of unlike words, each asked about so many times."""
    rows = [
        make_chunk(f"Rule {n}: {WORDS[n % 14]} {WORDS[n * 5 % 14]} number{n} costs {n}00 coins in port{n}.", n)
        for n in range(chunks)
    ]
    answers = [
        make_answer(chunk, f"What does number{n} cost in port{n}, case {q}?", f"{n}00 coins")
        for n, chunk in enumerate(rows)
        for q in range(questions)
    ]
    return rows, answers


def assembled(chunks: list[Chunk], answers: list[Answer], seed: int = 0, **config: Any) -> list[Example]:
    with tempfile.TemporaryDirectory() as folder:
        tools = make_tools(Path(folder), Plugs(), seed)
        inputs = (in_memory("answer", Answer, answers), in_memory("chunk", Chunk, chunks))
        return rows_of(assemble, tools, AssembleConfig(**config), *inputs)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(30, 50),
    st.integers(1, 4),
    st.integers(0, 4),
    st.floats(0, 1),
    st.sampled_from(["grouped", "clustered", "independent"]),
    st.integers(0, 9),
)
def test_counts_are_exact(chunks: int, questions: int, k: int, share: float, layout: str, seed: int) -> None:
    rows, answers = corpus(chunks, questions)
    examples = assembled(rows, answers, seed, distractors=k, oracle_share=share, layout=layout, test=0.2)
    assert sorted(example.answer for example in examples) == sorted(answer.id for answer in answers)
    for split in ("train", "validation", "test"):
        members = [example for example in examples if example.split == split]
        shown = [example for example in members if example.oracle is not None]
        assert len(shown) == round(share * len(members))
        one_set = (lambda example: example.answer) if layout == "independent" else (lambda example: example.group)
        sets = {one_set(example): example.oracle for example in shown}
        places = [list(sets.values()).count(place) for place in range(k + 1)]
        if layout != "clustered":
            assert max(places) - min(places) <= 1
    for example in examples:
        shown_chunks = [document.chunk for document in example.documents]
        assert len(shown_chunks) == len(set(shown_chunks)) == k + 1


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), st.sampled_from(["grouped", "clustered"]))
def test_nothing_leaks(seed: int, layout: str) -> None:
    rows, answers = corpus(40, 2)
    examples = assembled(rows, answers, seed, distractors=3, test=0.3, layout=layout)
    chunk_by_id, answer_by_id = {row.id: row for row in rows}, {row.id: row for row in answers}
    kept_out = {answer_by_id[e.answer].chunk for e in examples if e.split != "train"}
    for example in examples:
        answer = answer_by_id[example.answer]
        for place, document in enumerate(example.documents):
            if place == example.oracle:
                assert document.chunk == answer.chunk
            else:
                assert document.chunk != answer.chunk
                assert not holds_answer(answer, chunk_words(chunk_by_id[document.chunk]))
            if example.split == "train":
                assert document.chunk not in kept_out


def test_quotes_are_verbatim_and_only_of_shown_documents() -> None:
    examples = assembled(*corpus(40, 2), distractors=2, oracle_share=0.5)
    for example in examples:
        if example.oracle is None:
            assert example.quotes == ()
        for quote in example.quotes:
            assert example.documents[example.oracle].text[quote.start : quote.end] == quote.text  # type: ignore[index]


@pytest.mark.parametrize(("policy", "behaviour"), [("abstain", "abstain"), ("memorise", "memorise")])
def test_the_policy_without_oracle(policy: str, behaviour: str) -> None:
    examples = [e for e in assembled(*corpus(40, 2), oracle_share=0.5, without_oracle=policy) if e.oracle is None]
    assert examples
    assert {example.behaviour for example in examples} == {behaviour}
    for example in examples:
        assert example.final == (prompt_text("abstain", "en") if policy == "abstain" else example.reference)


def test_dropping_examples_without_oracle_counts_them(tmp_path: Path) -> None:
    chunks, answers = corpus(40, 1)
    tools = make_tools(tmp_path, Plugs())
    inputs = (in_memory("answer", Answer, answers), in_memory("chunk", Chunk, chunks))
    examples = rows_of(assemble, tools, AssembleConfig(oracle_share=0.75, without_oracle="drop"), *inputs)
    assert len(examples) + tools.draft.rejected["without oracle"] == len(answers)
    assert all(example.oracle is not None for example in examples)


def test_positions_are_uniform_over_many_seeds() -> None:
    rows, answers = corpus(30, 1)
    counts = Counter(
        example.oracle
        for seed in range(40)
        for example in assembled(rows, answers, seed, distractors=3, oracle_share=1.0)
    )
    expected = sum(counts.values()) / 4
    chi_square = sum((counts[place] - expected) ** 2 / expected for place in range(4))
    assert chi_square < 11.34  # 99 % point of the chi-square distribution with 3 degrees of freedom


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    rows, answers = corpus(30, 2)
    assert assembled(rows, answers, 1) == assembled(rows, answers, 1) != assembled(rows, answers, 2)


def test_added_documents_leave_old_groups_in_their_splits() -> None:
    few, more = corpus(30, 1), corpus(45, 1)
    before = {example.group: example.split for example in assembled(*few, distractors=2)}
    after = {example.group: example.split for example in assembled(*more, distractors=2)}
    assert before.items() <= after.items()


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
    assert sum(len(places - {None}) == 4 for places in asked.values()) >= len(asked) - 2
    assert len(asked) < len({example.group for example in examples}) / 3
    hidden = [example for example in examples if example.oracle is None]
    assert all(len(asked[example.document_set]) > 1 for example in hidden)


def test_too_few_chunks_for_k_is_said_plainly() -> None:
    with pytest.raises(DocumentError, match="passages can serve as distractors, but 9 are wanted") as caught:
        assembled(*corpus(6, 1), distractors=9, oracle_share=1.0)
    assert "assemble.distractors" in caught.value.advice
    assert caught.value.exit_code == 3
