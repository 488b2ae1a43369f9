from hypothesis import given
from hypothesis import strategies as st

from raftune.remembering.key_filter import KeyFilter


@given(keys=st.sets(st.text(), max_size=50))
def test_a_key_that_was_added_is_never_denied(keys: set[str]) -> None:
    known = KeyFilter()
    for key in keys:
        known.add(key)
    assert all(known.may_hold(key) for key in keys)
    assert not known.full


def test_few_keys_that_were_not_added_are_taken_for_known() -> None:
    known = KeyFilter()
    for number in range(50_000):
        known.add(f"in {number}")
    assert sum(known.may_hold(f"out {number}") for number in range(10_000)) < 100


def test_a_filter_says_when_it_is_full() -> None:
    known = KeyFilter()
    known.room = 2
    for key in "abc":
        assert not known.full
        known.add(key)
    assert known.full
