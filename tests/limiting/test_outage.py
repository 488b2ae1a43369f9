"""An endpoint that is down is looked at less and less often."""

import random

from raftune.limiting.outage import FAILURES, FIRST_PATIENCE, LONGEST_PAUSE, PATIENCE, Outage, pause


def test_a_burst_of_failures_counts_once_and_looks_grow_apart() -> None:
    outage = Outage(random.Random(0))
    pauses = [outage.failed(sent=0.0, now=1.0) for _ in range(300)]
    assert pauses[: FAILURES - 1] == [0.0] * (FAILURES - 1)
    assert max(pauses) <= 1.0
    now = 2.0
    for _ in range(10):
        last = outage.failed(sent=now, now=now + 0.1)
        now += last
    assert LONGEST_PAUSE / 2 <= last <= LONGEST_PAUSE


def test_one_answer_ends_it() -> None:
    outage = Outage(random.Random(0))
    for _ in range(FAILURES):
        outage.failed(0.0, 1.0)
    assert outage.down
    outage.succeeded()
    assert not outage.down
    assert outage.failed(2.0, 3.0) == 0.0


def test_it_is_hopeless_after_minutes_sooner_where_nothing_was_ever_answered() -> None:
    outage = Outage(random.Random(0))
    for _ in range(FAILURES):
        outage.failed(0.0, 1.0)
    assert not outage.hopeless(FIRST_PATIENCE, answered=False)
    assert outage.hopeless(FIRST_PATIENCE + 2.0, answered=False)
    assert not outage.hopeless(FIRST_PATIENCE + 2.0, answered=True)
    assert outage.hopeless(PATIENCE + 2.0, answered=True)


def test_pauses_have_a_ceiling() -> None:
    chance = random.Random(0)
    assert all(0.5 <= pause(0, chance) <= 1.0 for _ in range(50))
    assert pause(10_000, chance) <= LONGEST_PAUSE
