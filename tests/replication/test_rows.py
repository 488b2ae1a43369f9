import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.prompts.raft import default_prompt
from raftune.replication.course import Course, Part
from raftune.replication.rows import bare, example_of, rows_of, shown
from raftune.replication.texts import answer, passage
from raftune.stages.assemble import AssembleConfig
from tests.replication.made import make_given, make_runner


@given(st.integers(1, 12), st.floats(0, 1), st.integers(0, 4))
def test_exactly_p_are_shown_their_documents_and_all_as_many(count, share, distractors):
    rows = shown([make_given(n) for n in range(count)], AssembleConfig(oracle_share=share, distractors=distractors), 0)
    assert sum(row.oracle is not None for row in rows) == round(share * count)
    for row in rows:
        right = [document.tier for document in row.documents].count("oracle")
        assert right == (0 if row.oracle is None else 2)
        assert len(row.documents) == min(2 + distractors, 4 if row.oracle is None else 6)
        assert len({document.chunk for document in row.documents}) == len(row.documents)


def test_without_its_documents_the_answer_is_to_be_known():
    (row,) = shown([make_given()], AssembleConfig(oracle_share=0), 0)
    assert (row.behaviour, row.quotes, row.final) == ("memorise", (), "word2")
    assert default_prompt().target(row) == "<ANSWER>: word2"


def test_quotes_of_documents_that_are_missing_are_left_out():
    one = make_given()
    row = example_of(one, one.documents[1:])
    assert [quote.chunk for quote in row.quotes] == [one.documents[2].id]
    assert row.documents[row.oracle].chunk == one.documents[2].id
    row = example_of(one, one.documents[:2])
    assert row.oracle == 0
    assert example_of(one, one.documents[3:]).oracle is None


def course():
    chunks = [passage(str(n), f"Item {n} costs {n + 20} euros. It is sold in town {n}.") for n in range(8)]
    answers = [
        answer(f"q{n}", f"What does item {n} cost?", c, [c.text.split(". ")[0]], f"{n + 20} euros")
        for n, c in enumerate(chunks)
    ]
    parts = (
        Part("", "train", tuple(chunks[:5]), tuple(answers[:5])),
        Part("", "test", tuple(chunks[5:]), tuple(answers[5:])),
    )
    return Course({}, parts, (make_given(1, "train"), make_given(2, "test")))


def test_parts_are_assembled_and_documents_that_are_given_stay(tmp_path):
    config = AssembleConfig(distractors=2, layout="clustered", document_share=0.0, oracle_share=0.4)
    run, made = make_runner(tmp_path), course()
    training = list(asyncio.run(rows_of(run, made, config, "train", 0)))
    testing = list(asyncio.run(rows_of(run, made, config, "test", 0)))
    assert [row.split for row in training] == ["train"] * 6
    assert sum(row.oracle is not None for row in training[:5]) == 2
    assert all(row.split == "test" and row.oracle is not None for row in testing)
    assert [len(row.documents) for row in testing] == [3, 3, 3, 6]
    held = {document.chunk for row in testing for document in row.documents}
    assert held.isdisjoint(document.chunk for row in training for document in row.documents)
    assert set(run.totals()) == {"assemble"}


def test_bare_rows_have_nothing_but_the_answer(tmp_path):
    rows = asyncio.run(
        rows_of(make_runner(tmp_path), course(), AssembleConfig(distractors=1, document_share=0.0), "test", 0)
    )
    assert all(default_prompt().target(row) == f"<ANSWER>: {row.reference}" for row in bare(rows))
    assert [row.documents for row in bare(rows)] == [row.documents for row in rows]


@pytest.mark.parametrize("seed", [0, 1])
def test_equal_seeds_give_equal_rows(seed):
    some = [make_given(n) for n in range(4)]
    assert shown(some, AssembleConfig(), seed) == shown(some, AssembleConfig(), seed)
