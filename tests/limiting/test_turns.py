"""First come, first served."""

from raftune.limiting.turns import Turns
from tests.virtual_time import run


def test_numbers_decide_and_those_who_gave_up_are_passed_over() -> None:
    async def work() -> list[int]:
        turns = Turns()
        early, late = turns.number(), turns.number()
        waiting = [turns.add(late, 2, 0), turns.add(turns.number(), 3, 0), turns.add(early, 1, 0)]
        waiting[0].ready.cancel()
        served = []
        while turn := turns.first():
            served.append(turn.tokens)
            turns.wake()
        return served

    assert run(work()) == [1, 3]


def test_all_can_be_woken_or_forgotten() -> None:
    async def work() -> tuple[bool, bool]:
        turns = Turns()
        first = turns.add(turns.number(), 1, 0)
        turns.wake_all()
        turns.add(turns.number(), 1, 0)
        turns.clear()
        return first.ready.done(), turns.first() is None

    assert run(work()) == (True, True)
