"""Copies are found as the plain definition says, without comparing each passage to each."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.copies import LEAKED_SHARE, SHINGLE, Vocabulary, copies_of, is_copy, words_of

ORACLE = "In 2023 the Reserve Banks handled 3.1 billion checks, a decrease of 6.7 percent from 2022."


def runs(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)}


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=30).map(" ".join), min_size=2, max_size=2), st.floats(0.1, 1))
def test_a_copy_shares_runs_of_five_words(texts: list[str], share: float) -> None:
    vocabulary = Vocabulary()
    one, other = (vocabulary.passage(text).shingles for text in texts)
    fewer = min(len(runs(text)) for text in texts)
    shared = len(runs(texts[0]) & runs(texts[1]))
    assert is_copy(one, other, share) == (fewer > 0 and shared >= share * fewer)


@pytest.mark.parametrize("seed", range(20))
def test_the_index_finds_what_comparing_each_to_each_finds(seed: int) -> None:
    generator, vocabulary = random.Random(seed), Vocabulary()
    sentences = [" ".join(generator.choices("abcdefghijklmnop", k=8)) for _ in range(25)]
    texts = [
        "this stands on every page " * 2 + " ".join(generator.sample(sentences, generator.randint(1, 4)))
        for _ in range(40)
    ]
    passages = [vocabulary.passage(text).shingles for text in texts]
    found = copies_of(range(15), range(15, 40), passages)
    expected = {
        place
        for place in range(15, 40)
        if any(is_copy(passages[held], passages[place], LEAKED_SHARE) for held in range(15))
    }
    assert set(found) == expected
    assert all(is_copy(passages[held], passages[place], LEAKED_SHARE) for place, held in found.items())


def test_a_passage_in_other_words_is_no_copy() -> None:
    vocabulary = Vocabulary()
    oracle = vocabulary.passage(ORACLE).shingles
    assert is_copy(oracle, vocabulary.passage(ORACLE.replace("handled", "processed")).shingles)
    assert not is_copy(oracle, vocabulary.passage("Coins were distributed by the Mint during the year.").shingles)


def test_nothing_is_a_copy_of_too_few_words() -> None:
    vocabulary = Vocabulary()
    assert not is_copy(vocabulary.passage("See below.").shingles, vocabulary.passage("See below.").shingles)
    assert copies_of([], [], []) == {}
    assert copies_of([0], [1], [vocabulary.passage("a").shingles, vocabulary.passage("").shingles]) == {}
