import asyncio

import pytest

from raftune.errors import ProviderError, RateLimited, Unavailable
from raftune.retrying import Retrying


def test_work_is_done_again_until_it_succeeds_or_fails_for_good() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    faults: list[ProviderError] = [Unavailable("Away.", "Wait.", 3.0), Unavailable("Away.", "Wait.")]

    async def work() -> str:
        if faults:
            raise faults.pop(0)
        return "done"

    retrying = Retrying(attempts=3, sleep=sleep, seed=1)
    assert asyncio.run(retrying.call(work)) == "done"
    assert pauses[0] >= 3.0
    faults.append(ProviderError("Refused.", "Ask."))
    with pytest.raises(ProviderError, match="Refused"):
        asyncio.run(retrying.call(work))
    assert len(pauses) == 2


def attempts(error: ProviderError) -> int:
    async def sleep(seconds: float) -> None:
        pass

    async def work() -> None:
        nonlocal calls
        calls += 1
        raise error

    calls = 0
    with pytest.raises(type(error)):
        asyncio.run(Retrying(attempts=8, odd=3, sleep=sleep, seed=1).call(work))
    return calls


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (Unavailable("Away.", "Wait."), 8),
        (Unavailable("Odd.", "Look.", reason="no completion"), 3),
        (Unavailable("Huge.", "Look.", reason="answer too long"), 3),
        (RateLimited("Too much.", "Wait."), 1),
        (Unavailable("Away.", "Wait.", 3600.0), 1),
    ],
)
def test_how_often_depends_on_what_happened(error: ProviderError, calls: int) -> None:
    assert attempts(error) == calls
