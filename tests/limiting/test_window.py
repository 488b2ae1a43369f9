"""A window grows while that brings more, and is cut once a burst."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.limiting.window import CUT, REST, Window


def answered(window: Window, rounds: int, slots: float = 1e9, now: float = 0.0) -> float:
    """So many rounds of a server that works on `slots` requests at a time, one second each."""
    for _ in range(rounds):
        room = window.room
        seconds = max(1.0, room / slots)
        now += seconds
        for _ in range(room):
            window.grow(now - seconds, now, full=True)
    return now


def test_it_doubles_each_round_up_to_its_most() -> None:
    window = Window(100)
    sizes = [window.room]
    now = 0.0
    for _ in range(8):
        now = answered(window, 1, now=now)
        sizes.append(window.room)
    assert sizes == [1, 2, 4, 8, 16, 32, 64, 100, 100]


def test_it_stays_where_more_brings_no_more() -> None:
    window = Window(512)
    now = answered(window, 6, slots=8)
    assert window.rest > 0
    answered(window, 200, slots=8, now=now)
    assert window.room <= 32


def test_a_window_that_holds_nobody_back_does_not_grow() -> None:
    window = Window(512)
    for now in range(20):
        window.grow(now, now + 1.0, full=False)
    assert window.room == 1


def test_a_burst_cuts_once_and_the_ceiling_is_remembered() -> None:
    window = Window(512)
    now = answered(window, 6)
    size = window.room
    assert window.cut(now - 0.5, now, ceiling=True)
    assert not window.cut(now - 0.4, now + 0.1, ceiling=True)
    assert window.size == CUT * size
    answered(window, 1, now=now + 1.0)
    assert window.size < CUT * size + 0.06 * size


def test_without_a_ceiling_it_is_soon_back() -> None:
    window = Window(512)
    now = answered(window, 6)
    size = window.room
    window.cut(now, now + 1.0, ceiling=False)
    answered(window, 1, now=now + 1.0)
    assert window.room >= size


@given(
    st.integers(1, 50),
    st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0.0, 10.0), st.floats(0.0, 10.0)), max_size=200),
)
def test_it_never_leaves_its_bounds(most: int, events: list[tuple[bool, bool, float, float]]) -> None:
    window, now = Window(most), 0.0
    for good, flag, pause, took in events:
        now += pause
        if good:
            window.grow(now - took, now, full=flag)
        else:
            window.cut(now - took, now, ceiling=flag)
        assert 1 <= window.room <= most
        assert window.rest <= 8 * REST
