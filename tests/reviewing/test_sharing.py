"""Each answer falls to one reviewer or to all, and it is the same one every time."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.digest import digest
from raftune.reviewing.sharing import is_common, is_for

IDS = [digest(number, 20) for number in range(4000)]


def test_shares_are_about_as_wanted() -> None:
    names = ("ada", "ben", "cho")
    common = [name for name in IDS if is_common(name, 0.15)]
    assert 0.12 < len(common) / len(IDS) < 0.18
    for who in names:
        own = [name for name in IDS if is_for(name, who, names, 0.15)]
        assert set(common) <= set(own)
        assert 0.28 < (len(own) - len(common)) / (len(IDS) - len(common)) < 0.39


@given(st.sampled_from(IDS), st.floats(0, 1), st.integers(2, 5))
def test_an_answer_that_is_not_common_falls_to_exactly_one(name: str, overlap: float, count: int) -> None:
    names = tuple(f"r{number}" for number in range(count))
    wanted = count if is_common(name, overlap) else 1
    assert sum(is_for(name, who, names, overlap) for who in names) == wanted


def test_who_is_not_named_sees_all() -> None:
    assert all(is_for(name, "guest", ("ada", "ben"), 0.1) for name in IDS)
    assert all(is_for(name, "ada", ("ada",), 0.1) for name in IDS)
