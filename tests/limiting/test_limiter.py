"""The quota is used, not passed; faults cost as little as they can. All in virtual time."""

import asyncio
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.errors import BadReply, ProviderError, RateLimited, Unavailable
from raftune.limiting.bucket import BURST
from raftune.limiting.limiter import Limiter
from raftune.limiting.outage import FAILURES
from tests.limiting.simulated import Simulated, limiter, now, send
from tests.servers.openai.quotas import Quota
from tests.virtual_time import run

QUOTAS = [1e5, 1e6, 1e7]


@pytest.mark.parametrize(
    ("per_minute", "window", "least"),
    [
        *[(per_minute, None, 0.95) for per_minute in QUOTAS],
        *[(per_minute, 10.0, 0.93) for per_minute in QUOTAS],
        (1e6, 1.0, 0.93),
        (1e7, 1.0, 0.93),
    ],
)
def test_a_quota_is_used_and_hardly_ever_passed(per_minute: float, window: float | None, least: float) -> None:
    async def work() -> Simulated:
        server = Simulated(Quota(per_minute, None, window))
        await send(server, limiter(), int(min(120, 6e8 / per_minute) * per_minute / 60_000), estimate=1.3)
        return server

    server = run(work())
    assert server.share_refused < 0.01
    assert server.used(15, server.admitted[-1][0] - server.admitted[0][0] - 2) >= least


def test_a_window_that_holds_one_request_and_a_half_is_found_out() -> None:
    async def work() -> Simulated:
        server = Simulated(Quota(1e5, None, 1.0))
        await send(server, limiter(), 300)
        return server

    server = run(work())
    assert sum(time > server.sent[0] + 100 for time in server.refused) < 10
    assert server.used(100, 200) > 0.55


def test_a_quota_of_requests_is_kept_as_well() -> None:
    async def work() -> Simulated:
        server = Simulated(Quota(1e7, 300.0))
        await send(server, limiter(), 400)
        return server

    server = run(work())
    assert server.share_refused < 0.01
    assert 400 / (server.admitted[-1][0] - server.admitted[15][0]) > 0.95 * 5


@pytest.mark.parametrize("retry_after", [True, False])
def test_without_headers_the_answers_429_find_the_way(*, retry_after: bool) -> None:
    async def work() -> tuple[Simulated, list[int | BaseException]]:
        server = Simulated(Quota(1e6, None, burst=5.0), headers=False, retry_after=retry_after)
        return server, await send(server, limiter(), 1500)

    server, results = run(work())
    assert results == [600] * 1500
    assert server.share_refused < 0.1
    assert server.used(15, 70) > 0.5


def test_a_quota_that_moves_is_followed() -> None:
    async def work() -> Simulated:
        server = Simulated(Quota(1e6, None))
        asyncio.get_running_loop().call_later(30.0, server.quota.set, 2e5, None)
        await send(server, limiter(), 700)
        return server

    server = run(work())
    assert server.share_refused < 0.03
    assert len(server.admitted) == 700


def test_the_bucket_of_an_earlier_run_may_be_empty() -> None:
    async def work() -> Simulated:
        server = Simulated(Quota(1e6, None))
        server.quota.admit(now(), 1)
        server.quota.buckets["tokens"].level = 2000.0
        await send(server, limiter(), 300)
        return server

    assert run(work()).share_refused < 0.01


def test_without_quota_the_window_is_soon_full() -> None:
    async def work() -> Simulated:
        server = Simulated(latency=(1.0, 1.0))
        await send(server, limiter(at_once=256), 5000)
        return server

    server = run(work())
    assert server.most == 256
    assert server.sent[-1] - server.sent[0] < 5000 / 256 + 12


def test_a_server_with_few_slots_is_not_buried() -> None:
    async def work() -> Simulated:
        server = Simulated(latency=(1.0, 1.5), slots=4)
        await send(server, limiter(), 600)
        return server

    server = run(work())
    assert server.most <= 40
    assert server.sent[-1] - server.sent[0] < 1.1 * 600 * 1.25 / 4


@pytest.mark.parametrize("error", [ProviderError("The key is refused.", "Check it."), BadReply("Odd.", "Look.")])
def test_the_first_request_goes_alone(error: ProviderError) -> None:
    async def work() -> tuple[Simulated, list[int | BaseException]]:
        server = Simulated(fault=lambda: error if len(server.sent) == 1 else None)
        return server, await send(server, limiter(), 300)

    server, results = run(work())
    final = not isinstance(error, BadReply)
    assert len(server.sent) == (1 if final else 300)
    assert results.count(error) == (300 if final else 1)


def test_a_final_error_waits_for_what_is_paid_for_but_not_for_long() -> None:
    async def work() -> tuple[list[int | BaseException], float]:
        refusal = ProviderError("The quota is used up.", "Pay.")
        server = Simulated(latency=(1.0, 1.0), fault=lambda: refusal if len(server.sent) > 60 else None)
        started, results = now(), await send(server, limiter(), 300)
        assert len(server.sent) < 140
        assert len(server.admitted) == sum(isinstance(result, int) for result in results)
        return results, now() - started

    results, seconds = run(work())
    assert sum(isinstance(result, ProviderError) for result in results) == len(results) - results.count(600) > 100
    assert seconds < 10.0


def test_a_wrong_key_is_told_at_once_however_many_wait() -> None:
    async def work() -> float:
        server = Simulated(fault=lambda: ProviderError("The key is refused.", "Check it."))
        started = now()
        await send(server, limiter(), 300)
        return now() - started

    assert run(work()) < 0.5


def test_nobody_sends_while_the_endpoint_asks_to_wait() -> None:
    async def work() -> list[float]:
        def fault() -> ProviderError | None:
            return RateLimited("Too much.", "Wait.", 20.0) if 100 <= len(server.sent) < 140 else None

        server = Simulated(fault=fault, latency=(1.0, 1.0))
        assert await send(server, limiter(), 400) == [600] * 400
        return server.sent

    sent = run(work())
    assert max(after - before for before, after in pairwise(sent)) > 18.0


def test_a_wait_that_is_too_long_is_an_error_with_its_time() -> None:
    async def work() -> list[int | BaseException]:
        server = Simulated(fault=lambda: RateLimited("Too much.", "Wait.", 3600.0))
        return await send(server, limiter(), 1)

    [error] = run(work())
    assert isinstance(error, RateLimited)
    assert "3600 seconds" in str(error)


def test_answers_429_are_waited_for_but_not_for_ever() -> None:
    async def work() -> tuple[int, float]:
        server = Simulated(fault=lambda: RateLimited("Too much.", "Wait."))
        started, [error] = now(), await send(server, limiter(), 1)
        assert isinstance(error, RateLimited)
        return len(server.sent), now() - started

    sent, seconds = run(work())
    assert sent < 30
    assert 300 <= seconds < 400


def test_a_dead_server_is_not_hammered() -> None:
    async def work() -> Simulated:
        server = Simulated(fault=lambda: Unavailable("Away.", "Start it.") if len(server.sent) > 200 else None)
        limits = limiter()

        async def one() -> None:
            for _ in range(3):
                try:
                    await limits.call(600, 400, lambda: server.ask(limits, 600, 400))
                except Unavailable:
                    await asyncio.sleep(1.0)

        asking = [asyncio.ensure_future(one()) for _ in range(600)]
        await asyncio.sleep(60.0)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        return server

    server = run(work())
    late = [time for time in server.sent if time > server.sent[200] + 5.0]
    assert len(late) < 60


def test_one_answer_wakes_all_when_a_server_is_back() -> None:
    async def work() -> list[int | BaseException]:
        server = Simulated(
            fault=lambda: Unavailable("Away.", "Wait.") if 50 < len(server.sent) < 60 + FAILURES else None
        )
        limits = limiter()

        async def one() -> int:
            while True:
                try:
                    return await limits.call(600, 400, lambda: server.ask(limits, 600, 400), lambda used: used)
                except Unavailable:
                    await asyncio.sleep(1.0)

        return await asyncio.gather(*(one() for _ in range(400)))

    assert run(work()) == [600] * 400


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 3000), st.floats(0.0, 5.0)), max_size=60),
    cancelled=st.sets(st.integers(0, 59)),
    per_minute=st.floats(1e3, 1e6),
    at_once=st.integers(1, 20),
)
def test_no_window_of_time_holds_more_than_the_quota(
    sizes: list[tuple[int, int, float]], cancelled: set[int], per_minute: float, at_once: int
) -> None:
    async def work() -> None:
        limits = limiter(at_once=at_once, tokens=per_minute)
        sent: list[tuple[float, int]] = []
        inside = most = 0

        async def one(tokens: int, room: int, seconds: float) -> int:
            async def ask() -> int:
                nonlocal inside, most
                sent.append((now(), tokens + room))
                inside += 1
                most = max(most, inside)
                try:
                    await asyncio.sleep(seconds)
                finally:
                    inside -= 1
                return tokens

            return await limits.call(tokens, room, ask, lambda used: used)

        calls = [asyncio.ensure_future(one(*size)) for size in sizes]
        for number in cancelled & set(range(len(calls))):
            asyncio.get_running_loop().call_later(number % 7 * 0.9, calls[number].cancel)
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert all(result == size[0] for result, size in zip(results, sizes, strict=True) if isinstance(result, int))
        assert all(isinstance(result, int) or number in cancelled for number, result in enumerate(results))
        assert most <= at_once
        assert (limits.gate.in_flight, inside) == (0, 0)
        check(sent, per_minute / 60)

    def check(sent: list[tuple[float, int]], rate: float) -> None:
        for first, (begin, _) in enumerate(sent):
            total = 0
            for end, tokens in sent[first:]:
                total += tokens
                largest = max(size for _, size in sent[first:])
                assert total <= rate * (end - begin + BURST) + largest + 1e-3

    run(work())


def test_a_cancelled_call_gives_its_place_back() -> None:
    async def work() -> int:
        server, limits = Simulated(latency=(5.0, 5.0)), limiter(at_once=2)
        await send(server, limits, 1)
        calls = [
            asyncio.ensure_future(limits.call(1, 1, lambda: server.ask(limits, 1, 1), lambda used: used))
            for _ in range(10)
        ]
        await asyncio.sleep(0.1)
        for call in calls[:6]:
            call.cancel()
        assert await asyncio.gather(*calls[6:]) == [1] * 4
        return limits.gate.in_flight

    assert run(work()) == 0


def test_a_restart_goes_on_where_the_run_was(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.json"
    quota = Quota(1e6, None, burst=5.0)

    async def work() -> tuple[Simulated, Limiter]:
        for bucket in quota.buckets.values():
            bucket.at = None
        server, limits = Simulated(quota), limiter(path)
        await send(server, limits, 300)
        limits.memory.flush()
        return server, limits

    run(work())
    server, limits = run(work())
    assert server.share_refused < 0.01
    assert limits.buckets["tokens"].limit == 1e6


@pytest.mark.parametrize("jump", [-86400.0, 0.0, 86400.0])
def test_a_clock_that_jumps_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    path = tmp_path / "endpoints.json"

    async def work() -> float:
        server, limits = Simulated(Quota(1e6, None, burst=5.0), latency=(1.0, 1.0)), limiter(path)
        started = now()
        assert await send(server, limits, 100) == [600] * 100
        limits.memory.flush()
        return now() - started

    run(work())
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + jump)
    assert run(work()) < 20.0


@pytest.mark.parametrize(
    "values", [{"tokens": 5}, {"tokens": {"limit": "x"}}, {"scale": "x"}, {"ceiling": [], "resume": {}}]
)
def test_foreign_values_in_the_memory_count_as_none(values: dict[str, object]) -> None:
    async def work() -> list[int | BaseException]:
        limits = limiter()
        limits.memory.remember("m", values)  # type: ignore[arg-type]
        return await send(Simulated(), limits, 3)

    assert run(work()) == [600] * 3


def test_a_request_larger_than_the_bucket_gets_through() -> None:
    async def work() -> list[int | BaseException]:
        return await send(Simulated(Quota(60_000.0, None)), limiter(), 5, tokens=15_000, most=5000)

    assert run(work()) == [15_000] * 5
