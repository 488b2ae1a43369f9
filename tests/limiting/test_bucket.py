"""A bucket never gives more than its rate and its capacity, and the endpoint knows better."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.limiting.bucket import BURST, LEAST_PACE, MARGIN, Bucket


def test_what_is_not_limited_never_waits() -> None:
    bucket = Bucket()
    bucket.take(1e9)
    assert bucket.wait(1e9, 0.0) == 0.0


@given(st.floats(60.0, 1e6), st.lists(st.tuples(st.floats(0.0, 30.0), st.floats(0.0, 5000.0)), min_size=1, max_size=50))
def test_no_more_is_given_than_came_in(limit: float, amounts: list[tuple[float, float]]) -> None:
    bucket, now, given_out = Bucket(limit), 0.0, 0.0
    for pause, amount in amounts:
        now += pause
        now += bucket.wait(amount, now)
        bucket.fill(now)
        bucket.take(amount)
        given_out += amount
        largest = max(size for _, size in amounts)
        assert given_out <= MARGIN * limit / 60 * (now + BURST) + largest + 1e-3


def test_the_endpoint_is_believed_where_it_has_less() -> None:
    bucket = Bucket(60_000.0, level=5000.0)
    bucket.learn(60_000.0, 100.0, 60.0, 0.0)
    assert bucket.level == 100.0
    bucket.learn(60_000.0, 50_000.0, 60.0, 0.0)
    assert bucket.level == 100.0


def test_a_limit_that_is_set_is_kept_and_one_that_moves_is_followed() -> None:
    bucket, learning = Bucket(600.0, fixed=True), Bucket()
    for limit in (6000.0, 1200.0):
        bucket.learn(limit, None, 60.0, 0.0)
        learning.learn(limit, None, 60.0, 0.0)
    assert (bucket.limit, learning.limit) == (600.0, 1200.0)


def test_a_period_once_proven_stays() -> None:
    bucket = Bucket()
    bucket.learn(1000.0, None, 86400.0, 0.0)
    bucket.learn(1000.0, None, 60.0, 0.0)
    assert bucket.period == 86400.0


def test_nothing_is_saved_up_while_the_endpoint_asks_to_wait() -> None:
    bucket = Bucket(60_000.0, level=4000.0)
    bucket.hold(30.0, now=10.0)
    bucket.fill(30.0)
    assert bucket.level == 0.0
    assert bucket.wait(985.0, 30.0) == pytest.approx(1.0)


def test_refusals_slow_down_and_answers_speed_up_again() -> None:
    bucket = Bucket(60_000.0)
    for _ in range(100):
        bucket.shrink()
    assert bucket.pace == LEAST_PACE
    for _ in range(10_000):
        bucket.recover()
    assert bucket.pace == MARGIN


def test_the_next_run_goes_on_where_this_one_stood() -> None:
    bucket, after = Bucket(60_000.0, level=-3000.0, pace=0.5), Bucket()
    after.restore(bucket.noted(), age=2.0, now=100.0)
    after.fill(100.0)
    assert (after.limit, after.pace, after.level) == (60_000.0, 0.5, -2000.0)
    with pytest.raises(ValueError, match="not a bucket"):
        Bucket().restore({**bucket.noted(), "limit": -1}, 0.0, 0.0)
