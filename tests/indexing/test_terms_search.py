"""Saved postings give the very scores that a search in memory gives."""

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.indexing import terms_search
from raftune.indexing.postings import counted, joined
from raftune.indexing.terms_search import SavedTerms
from raftune.searching import by_terms
from raftune.searching.by_terms import TermSearch

WORDS = st.sampled_from(["ports", "ship", "2021", "항만", "항만공사는", "도선사 면허", "the", "갱신", "fee", "!?", "é"])
SOME_TEXTS = st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=60)


def saved(texts: list[str]) -> SavedTerms:
    return SavedTerms(joined([counted(dict(enumerate(texts)))]))


@given(SOME_TEXTS, st.lists(WORDS, max_size=6))
def test_the_scores_are_the_same_to_the_last_bit(texts: list[str], words: list[str]) -> None:
    search = TermSearch()
    asyncio.run(search.index(texts))
    ours, theirs = np.empty(len(texts), np.float32), np.empty(len(texts), np.float32)
    saved(texts).score(" ".join(words), ours)
    search.score(" ".join(words), theirs)
    assert ours.tolist() == theirs.tolist()


def test_terms_of_many_texts_tell_nothing_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms_search, "MANY", 0)
    monkeypatch.setattr(by_terms, "MANY", 0)
    [(places, scores)] = saved(["ports ships", "ports", "ports ports", "bridges"]).ranked(["ports ships"], 2)
    assert (places.tolist(), scores[1]) == ([0, 1], 0)


@given(SOME_TEXTS, WORDS)
def test_every_term_is_found_by_halving(texts: list[str], unknown: str) -> None:
    search = saved(texts)
    words = list(search.postings.words())
    assert words == sorted(set(words))
    assert [search.number_of(word) for word in words] == list(range(len(words)))
    assert search.number_of(f"{unknown}zz".encode()) is None
    assert search.number_of(b"") is None


def test_how_much_of_a_query_a_passage_holds() -> None:
    search = saved(["ports of call", "ports", "fees and licences"])
    assert search.share_held("call ports", 0) == pytest.approx(1)
    assert 0 < search.share_held("call ports", 1) < 0.5
    assert search.share_held("call ports", 2) == 0
    assert 0 < search.share_held("ports volcano", 1) < 0.5
    assert search.share_held("the?", 0) == 0
