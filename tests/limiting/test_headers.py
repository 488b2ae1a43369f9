"""What headers say about a quota; nonsense says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.limiting.headers import duration, period_of, quota_of

DAY = 86400.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("6m0s", 360.0), ("120ms", 0.12), ("1.5s", 1.5), ("1h2m3s", 3723.0), ("17", 17.0), ("", None), ("soon", None)],
)
def test_durations_are_read_as_providers_write_them(text: str, seconds: float | None) -> None:
    assert duration(text) == seconds


def test_a_quota_is_read_by_its_unit() -> None:
    headers = {
        "x-ratelimit-limit-tokens": "100000",
        "x-ratelimit-remaining-tokens": "99000",
        "x-ratelimit-reset-tokens": "600ms",
        "x-ratelimit-remaining-requests": "7",
    }
    found, other = quota_of(headers, "tokens"), quota_of(headers, "requests")
    assert found is not None
    assert (found.limit, found.remaining, found.period) == (100_000, 99_000, 60.0)
    assert other is not None
    assert (other.limit, other.remaining) == (None, 7)
    assert quota_of({}, "tokens") is None


@pytest.mark.parametrize(
    ("limit", "remaining", "reset", "period"),
    [
        (1e5, 99_000, 0.6, 60.0),
        (1e6, 999_000, 60.0, 60.0),
        (1000, 999, 59.0, 60.0),
        (14_400, 14_388, 72.0, DAY),
        (200, 199, 432.0, DAY),
        (1000, 990, 40_000.0, DAY),
        (1000, 500, 1800.0, 3600.0),
        (5, 0, 1e9, DAY),
    ],
)
def test_the_period_is_what_the_reset_proves(limit: float, remaining: float, reset: float, period: float) -> None:
    assert period_of(limit, remaining, reset) == period


@given(st.dictionaries(st.sampled_from(["limit", "remaining", "reset"]), st.text() | st.floats().map(str)))
def test_no_header_is_too_odd(values: dict[str, str]) -> None:
    quota = quota_of({f"x-ratelimit-{name}-tokens": value for name, value in values.items()}, "tokens")
    assert quota is None or (quota.period >= 60.0 and (quota.limit is None or 0 < quota.limit < 1e15))
