import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.reading.glyphs import area, certainty, scaled, shared_area, stand_on_end, turned, union
from raftune.readings import Glyphs

SIDE = st.integers(0, 500).map(float)
WORDS = st.builds(
    lambda text, left, top, width, height, confidence: Glyphs(text, left, top, left + width, top + height, confidence),
    st.text(min_size=1, max_size=9),
    SIDE,
    SIDE,
    st.integers(1, 500),
    st.integers(1, 500),
    st.floats(0, 1),
)


@given(st.lists(WORDS), st.integers(0, 3))
def test_turning_on_and_on_comes_back(words, turns):
    width, height = (1000, 2000) if turns % 2 == 0 else (2000, 1000)
    assert turned(turned(words, turns, 1000, 2000), 4 - turns, width, height) == words


@given(WORDS, st.integers(0, 3))
def test_turned_words_stay_on_the_page(word, turns):
    (only,) = turned([word], turns, 1000, 2000)
    width, height = (2000, 1000) if turns % 2 else (1000, 2000)
    assert 0 <= only.left < only.right <= width
    assert 0 <= only.top < only.bottom <= height
    assert area(only) == area(word)


def test_a_quarter_turn_clockwise_takes_the_top_to_the_right():
    assert turned([Glyphs("a", 10, 0, 30, 5, 1.0)], 1, 100, 200) == [Glyphs("a", 195, 10, 200, 30, 1.0)]


@given(WORDS, WORDS)
def test_a_union_covers_both(word, piece):
    both = union(word, piece)
    assert both.text == word.text + piece.text
    assert shared_area(both, word) == area(word)
    assert shared_area(both, piece) == area(piece)
    assert min(word.confidence, piece.confidence) - 1e-9 <= both.confidence
    assert both.confidence <= max(word.confidence, piece.confidence) + 1e-9


def test_scaling_moves_all_edges():
    assert scaled([Glyphs("a", 1, 2, 3, 4, 0.5)], 2) == [Glyphs("a", 2, 4, 6, 8, 0.5)]


def test_certainty_counts_characters():
    assert certainty([]) == 0
    assert certainty([Glyphs("abc", 0, 0, 1, 1, 1.0), Glyphs("d", 0, 0, 1, 1, 0.0)]) == pytest.approx(0.75)


def test_words_that_stand_on_end_are_higher_than_wide():
    assert stand_on_end([Glyphs("word", 0, 0, 10, 40, 1.0), Glyphs("I", 0, 0, 40, 10, 1.0)])
    assert not stand_on_end([Glyphs("word", 0, 0, 40, 10, 1.0), Glyphs("I", 0, 0, 10, 40, 1.0)])
    assert not stand_on_end([])
