import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from raftune.ranking import BLOCK, best, fused

SCORES = st.lists(st.integers(-3, 9), max_size=4 * BLOCK).map(lambda found: np.array(found, dtype=np.float32))


@given(SCORES, st.integers(-1, 5 * BLOCK))
def test_the_best_are_those_of_a_full_sort(scores: "np.ndarray[tuple[int], np.dtype[np.float32]]", count: int) -> None:
    places, found = best(scores, count)
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[: max(0, count)]
    assert places.tolist() == expected
    assert found.tolist() == scores[expected].tolist()


def test_rankings_are_stretched_and_added() -> None:
    first = best(np.array([8, 4, 0, 0], dtype=np.float32), 3)
    second = best(np.array([0, 1, 3, 0], dtype=np.float32), 3)
    assert np.allclose(fused(first, second, 0.25, 4), [0.75, 0.375 + 0.25 / 3, 0.25, 0])


def test_a_ranking_without_differences_adds_nothing() -> None:
    flat, empty = best(np.ones(3, dtype=np.float32), 3), best(np.zeros(0, dtype=np.float32), 3)
    assert fused(flat, flat, 0.5, 3).tolist() == [0, 0, 0]
    assert fused(empty, empty, 0.5, 0).tolist() == []
