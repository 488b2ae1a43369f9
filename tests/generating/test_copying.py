from hypothesis import given
from hypothesis import strategies as st

from raftune.generating.copying import MOST, SAME, guess, next_length


def test_what_followed_the_same_three_tokens_last_is_guessed():
    assert guess([1, 2, 3, 4, 5, 9, 1, 2, 3, 7, 8, 0, 1, 2, 3], 2) == [7, 8]
    assert guess([1, 2, 3, 4, 5, 1, 2, 3], 9) == [4, 5, 1, 2, 3]
    assert guess([1, 2, 3, 4, 5, 1, 2, 4], 9) == []
    assert guess([1, 2, 3, 4, 1, 2, 3], 0) == []


@given(st.lists(st.integers(0, 2), max_size=30), st.integers(-1, 5))
def test_a_guess_stands_behind_the_same_tokens(tokens, most):
    made = guess(tokens, most)
    assert len(made) <= max(most, 0)
    if made:
        same = [*tokens[-SAME:], *made]
        assert any(tokens[at : at + len(same)] == same for at in range(len(tokens) - SAME))


def test_a_guess_that_held_makes_the_next_one_longer():
    assert next_length(4) == 8
    assert next_length(MOST) == MOST
