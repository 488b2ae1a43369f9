"""An endpoint in virtual time: the quotas of the tests' server, latency, slots, faults."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from raftune.endpoints.memory import EndpointMemory
from raftune.errors import ProviderError, RateLimited
from raftune.limiting.limiter import Limiter
from tests.servers.openai.quotas import Quota

WAY = 0.02  # seconds to the endpoint and back again, each


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Simulated:
    """`slots` requests are worked on at a time, the others wait; `faults` come first, then `fault` decides."""

    quota: Quota = field(default_factory=lambda: Quota(None, None))
    latency: tuple[float, float] = (1.0, 3.0)
    slots: int = 10_000
    headers: bool = True
    retry_after: bool = True
    fault: Callable[[], ProviderError | None] = lambda: None
    admitted: list[tuple[float, int]] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    in_flight: int = 0
    most: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(0)
        self.room = asyncio.Semaphore(self.slots)

    async def ask(self, limiter: Limiter, tokens: int, most: int) -> int:
        """A request of so many tokens; raises as the provider does."""
        self.sent.append(now())
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            await asyncio.sleep(WAY)
            if error := self.fault():
                raise error
            self.admit(limiter, tokens + most)
            async with self.room:
                await asyncio.sleep(self.chance.uniform(*self.latency))
            return tokens
        finally:
            self.in_flight -= 1

    def admit(self, limiter: Limiter, tokens: int) -> None:
        refusal = self.quota.admit(now(), tokens)
        if self.headers:
            limiter.hear(self.quota.headers(now()))
        if refusal:
            self.refused.append(now())
            raise RateLimited("Too much.", "Wait.", refusal.seconds if self.retry_after else None)
        self.admitted.append((now(), tokens))

    def used(self, start: float, end: float) -> float:
        """The share of the tokens a minute that was admitted, from seconds `start` to `end` of the run."""
        first = self.admitted[0][0]
        tokens = sum(tokens for time, tokens in self.admitted if start <= time - first < end)
        return tokens / (self.quota.buckets["tokens"].per_minute * (end - start) / 60)

    @property
    def share_refused(self) -> float:
        return len(self.refused) / len(self.sent)


def limiter(path: Path | None = None, at_once: int = 0, tokens: float | None = None, name: str = "m") -> Limiter:
    return Limiter(name, EndpointMemory(path), tokens_per_minute=tokens, at_once=at_once, seed=0)


async def send(
    server: Simulated, limiter: Limiter, count: int, tokens: int = 600, most: int = 400, estimate: float = 1.0
) -> list[int | BaseException]:
    """So many requests at the same time; their results or errors."""
    calls = (
        limiter.call(int(tokens * estimate), most, lambda: server.ask(limiter, tokens, most), lambda used: used)
        for _ in range(count)
    )
    return await asyncio.gather(*calls, return_exceptions=True)
