"""Krippendorff's alpha against the worked example of its author, and its bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.reviewing.alpha import alpha

VERDICTS = st.sampled_from(["accept", "edit", "reject"])


def test_the_published_example() -> None:
    units = [list(unit) for unit in ("1111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "5555")]
    units[0], units[6], units[9] = list("111"), list("4444"), list("555")
    units += [list("11"), ["3"]]
    assert alpha(units) == pytest.approx(0.743, abs=0.0005)


def test_two_reviewers_worked_by_hand() -> None:
    # Four answers, one disagreement: observed 2/8; by chance (5*3 + 3*5) / (8*7) = 30/56.
    assert alpha([("a", "a"), ("a", "a"), ("r", "r"), ("a", "r")]) == pytest.approx(1 - (2 / 8) / (30 / 56))


def test_nothing_tells_agreement_from_habit() -> None:
    assert alpha([]) is None
    assert alpha([("accept",)]) is None
    assert alpha([("accept", "accept")] * 5) is None


@given(st.lists(st.lists(VERDICTS, min_size=2, max_size=4), min_size=1, max_size=30))
def test_it_is_at_most_one_and_order_does_not_matter(units: list[list[str]]) -> None:
    found = alpha(units)
    turned = alpha([list(reversed(unit)) for unit in reversed(units)])
    assert found is None or found <= 1
    assert turned == found or turned == pytest.approx(found)


@given(st.lists(VERDICTS, min_size=2, max_size=30).filter(lambda found: len(set(found)) > 1))
def test_full_agreement_is_one(verdicts: list[str]) -> None:
    assert alpha([(one, one) for one in verdicts]) == pytest.approx(1)
