"""Counts over examples."""

from raftune.describing.examples import ExampleTally
from tests.made_up import make_example


def tally(*examples: object) -> ExampleTally:
    found = ExampleTally()
    for example in examples:
        found.add(example)
    return found


def test_examples_are_counted_by_what_they_are() -> None:
    found = tally(
        make_example(split="train", kind="number", flags=("unverified",)),
        make_example(split="train", kind="number", language="ko", answer="b"),
        make_example(oracle=None, behaviour="abstain", answer="c"),
    )
    assert [(one.split, one.behaviour, one.kind, one.language, one.examples) for one in found.counts()] == [
        ("train", "answer", "number", "en", 1),
        ("train", "answer", "number", "ko", 1),
        ("test", "abstain", "fact", "en", 1),
    ]
    assert (found.positions(), found.hidden, dict(found.shown)) == ((2,), 1, {2: 3})
    assert dict(found.by_tier()) == {"oracle": 2, "random": 4}
    assert dict(found.flags) == {"unverified": 1}
    assert found.answers == {"a", "b", "c"}


def test_what_is_drawn_again_counts_again_only_where_documents_do() -> None:
    found = tally(make_example(), make_example(draw=1, oracle=1))
    assert [one.examples for one in found.counts()] == [1]
    assert found.positions() == (1, 1)
    assert [spread.count for spread in found.spreads(20)] == [1, 1, 4, 2]
