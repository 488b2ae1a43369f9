"""Filters, pace, and what is shown of an answer."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.ui_config import UiConfig
from raftune.web.review_views import FILTERS, pace_of, query_of, seconds_of, wanted_of


@given(st.dictionaries(st.sampled_from([*FILTERS, "other"]), st.text(max_size=30)))
def test_any_address_is_a_filter_and_comes_back(query: dict[str, str]) -> None:
    from urllib.parse import parse_qsl

    config = UiConfig(reviewers=("ada", "ben"))
    wanted = wanted_of(query, "ada", config)
    assert wanted_of(dict(parse_qsl(query_of(wanted, "x"))), "ada", config) == wanted


def test_pauses_are_no_work() -> None:
    times = [
        "2026-11-22T10:20:20+00:00",
        "2026-11-22T10:20:10+00:00",
        "2026-11-22T10:20:00+00:00",
        "2026-11-22T09:00:00+00:00",
    ]
    assert pace_of(times) == 6.0
    assert pace_of(times[:2]) is None
    assert pace_of(["2026-11-22", "once"]) is None


def test_times_of_the_log() -> None:
    assert seconds_of("1970-01-01T00:01:00+00:00") == 60.0
    assert seconds_of("1970-01-01T00:01:00") == 60.0
    assert seconds_of("2026-11-22") is None
