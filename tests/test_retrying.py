import asyncio

import pytest

from raftune.errors import ProviderError, Unavailable
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
