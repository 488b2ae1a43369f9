"""Which answers are shown their oracle, and why a document stands in an example."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from raftune.distractors import Drawn, Passages
from raftune.document_sets import DocumentSet, Group
from raftune.examples import Policy, Rendering, groups_of, tier_for
from raftune.records import Answer
from tests.support import make_answer, make_chunk

CHUNKS = [make_chunk(f"Rule {number} costs {number}77 coins.", number, f"d{number // 2}") for number in range(8)]
PASSAGES = Passages(CHUNKS)
SHARING = {
    chunk.id: [make_answer(chunk, f"What does rule {number} cost in case {case}?", f"{number}77") for case in range(3)]
    for number, chunk in enumerate(CHUNKS)
}
SHARE = st.floats(0, 1)


@given(SHARE, SHARE, SHARE, st.integers(0, 99))
def test_every_share_is_exact(share: float, memorise: float, near_miss: float, seed: int) -> None:
    policy = Policy(share, "mixed", memorise, near_miss)
    groups = list(groups_of(SHARING, policy, PASSAGES, lambda *names: random.Random(f"{seed}{names}")))
    counts = Counter[str]()
    for group in groups:
        counts[group.behaviour] += len(group.answers)
        counts["near miss"] += group.near_miss * len(group.answers)
    hidden = 24 - round(share * 24)
    assert counts["answer"] == 24 - hidden
    assert counts["memorise"] == round(memorise * hidden)
    assert counts["near miss"] == round(near_miss * counts["abstain"])
    asked = sorted(answer.id for group in groups for answer in group.answers)
    assert asked == sorted(answer.id for members in SHARING.values() for answer in members)


def test_another_questions_oracle_is_near() -> None:
    assert tier_for(0, Drawn(0, "oracle"), PASSAGES) == "oracle"
    assert tier_for(0, Drawn(1, "oracle"), PASSAGES) == "document"
    assert tier_for(0, Drawn(4, "oracle"), PASSAGES) == tier_for(0, Drawn(4, "document"), PASSAGES) == "near"
    assert tier_for(0, Drawn(4, "random"), PASSAGES) == "random"


def test_a_set_becomes_the_examples_of_all_its_questions() -> None:
    def group(number: int, behaviour: str) -> Group:
        return Group(number, tuple(SHARING[CHUNKS[number].id]), behaviour, "")  # type: ignore[arg-type]

    def group_of(answer: Answer) -> str:
        return answer.chunk

    documents = (Drawn(3, "random"), Drawn(0, "oracle"))
    one = DocumentSet(documents, (group(0, "answer"), group(5, "memorise")))
    examples = list(Rendering(PASSAGES, "train", 2, group_of).examples_on(one))
    assert [example.oracle for example in examples] == [1, 1, 1, None, None, None]
    assert {example.document_set for example in examples} == {examples[0].document_set}
    assert {(example.split, example.draw) for example in examples} == {("train", 2)}
    assert all(bool(example.quotes) == (example.oracle is not None) for example in examples)
    assert [example.final for example in examples] == ["077"] * 3 + ["577"] * 3
