"""Postings are a function of the passages, whatever they are made of."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from raftune.indexing.postings import NAMES, analyzer, counted, joined, kept

TEXT = st.text("ab 가나1", max_size=12)


def test_terms_stand_in_order_with_where_they_are() -> None:
    made = joined([counted({0: "ports fee ports", 1: "fee", 2: ""})])
    assert list(made.words()) == [b"fee", b"port"]
    assert made.starts.tolist() == [0, 2, 3]
    assert made.texts.tolist() == [0, 1, 0]
    assert made.times.tolist() == [1, 1, 2]
    assert made.lengths.tolist() == [3, 1, 0]


@given(st.lists(TEXT, max_size=12), st.lists(TEXT, max_size=8), st.randoms())
def test_old_and_new_together_equal_a_fresh_count(old: list[str], new: list[str], generator) -> None:
    before = joined([counted(dict(enumerate(old)))])
    stay = [place for place in range(len(old)) if generator.random() < 0.6]
    order = [*stay, *range(len(old), len(old) + len(new))]
    generator.shuffle(order)
    place_of = {one: place for place, one in enumerate(order)}
    moved = np.array([place_of.get(place, -1) for place in range(len(old))], np.int32)
    texts = [*old, *new]
    fresh = counted({place_of[one]: texts[one] for one in order if one >= len(old)})
    made, wanted = joined([kept(before, moved), fresh]), joined([counted({p: texts[o] for p, o in enumerate(order)})])
    for name in NAMES:
        ours, theirs = getattr(made, name), getattr(wanted, name)
        assert (ours.dtype, ours.tolist()) == (theirs.dtype, theirs.tolist())


def test_the_analyzer_is_known_by_what_it_does(monkeypatch) -> None:
    before = analyzer()
    assert before == analyzer()
    monkeypatch.setattr("raftune.terms.ENDINGS", ("s",))
    assert analyzer() != before
