"""Sends requests as fast as an endpoint's quota allows, and no faster; one limiter for an endpoint, model and kind.

Two buckets keep the quota of requests and tokens, a window keeps the number in flight. What providers reserve is taken
at the start: the tokens of the prompt and `max_tokens`. An answer 429 makes everybody wait as long as it asks for, and
is asked again; the first request of a run goes alone, so that a wrong key costs one request and the quota is known
before the others start.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from raftune.endpoints.memory import EndpointMemory
from raftune.errors import BadReply, ProviderError, RateLimited, Unavailable
from raftune.limiting import notes
from raftune.limiting.bucket import Bucket
from raftune.limiting.gate import Gate
from raftune.limiting.headers import quota_of
from raftune.limiting.outage import PATIENCE, Outage, pause
from raftune.limiting.turns import Turn
from raftune.limiting.window import Window

T = TypeVar("T")

MOST_IN_FLIGHT = 512
SAVED_EVERY = 1.0
WEIGHT = 0.05  # of a new observation in the scale of estimates

log = logging.getLogger("raftune.limiter")


class Limiter:
    """The quota of one model at one endpoint. `at_once` 0: as many in flight as prove useful, up to 512.

    Limits that are given are kept, others learned from what `hear` is told. All of it outlives the process in `memory`.
    """

    def __init__(
        self,
        name: str,
        memory: EndpointMemory,
        *,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        at_once: int = 0,
        seed: int | None = None,
    ) -> None:
        self.name = name
        self.memory = memory
        self.buckets = {
            "requests": Bucket(requests_per_minute, fixed=requests_per_minute is not None),
            "tokens": Bucket(tokens_per_minute, fixed=tokens_per_minute is not None),
        }
        self.window = Window(at_once or MOST_IN_FLIGHT)
        self.scale = 1.0
        self.answered = 0
        self.limited = 0
        self.resume = 0.0
        self.silent_since: float | None = None
        self._chance = random.Random(seed)  # noqa: S311 - jitter, not cryptography
        self.outage = Outage(self._chance)
        self.gate = Gate(self.room, self.wait, self.take)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._saved = float("-inf")

    def hear(self, headers: Mapping[str, str]) -> None:
        """Takes note of the headers of an answer, names in lower case."""
        for unit, bucket in self.buckets.items():
            if quota := quota_of(headers, unit):
                bucket.learn(quota.limit, quota.remaining, quota.period, self.now())

    async def call(
        self, tokens: int, most: int, work: Callable[[], Awaitable[T]], used: Callable[[T], int] = lambda _: 0
    ) -> T:
        """What `work` gives, called when its turn has come.

        `tokens` is the estimate of what is sent, `most` what may come back, `used` says what was really sent. Raises
        RateLimited when answers 429 last, and what `work` raises; once that is final, nothing else is sent.
        """
        self.enter_loop()
        number = self.gate.turns.number()
        while True:
            await self.gate.enter(number, tokens, most)
            sent = self.now()
            try:
                result = await work()
            except RateLimited as error:
                self.slow_down(error, sent)
            except Unavailable as error:
                self.failed(error, sent)
                raise
            except BadReply:
                self.succeeded(sent)
                raise
            except ProviderError as error:
                self.gate.close(error)
                raise
            else:
                self.succeeded(sent)
                self.rescale(tokens, used(result))
                return result
            finally:
                await self.gate.leave()

    def enter_loop(self) -> None:
        """Forgets what belongs to an earlier event loop; takes over what an earlier run has learned."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        self._loop = loop
        self.gate.reopen()
        self.restore()

    def take(self, turn: Turn) -> None:
        """A request is sent."""
        self.buckets["requests"].take(1)
        self.buckets["tokens"].take(self.cost(turn))

    def wait(self, turn: Turn) -> float:
        """Seconds until a request may be sent."""
        now = self.now()
        needed = self.buckets["requests"].wait(1, now), self.buckets["tokens"].wait(self.cost(turn), now)
        return max(self.resume - now, *needed)

    def cost(self, turn: Turn) -> float:
        """The tokens that a request takes out of the quota when it is admitted."""
        return turn.tokens * self.scale + turn.most

    def room(self) -> int:
        """How many requests may be in flight: one until the first was answered, and while the endpoint is down."""
        return 1 if not self.answered or self.outage.down else self.window.room

    def succeeded(self, sent: float) -> None:
        """A request was answered."""
        now, full = self.now(), self.gate.in_flight >= self.window.room
        self.answered += 1
        self.limited = 0
        self.silent_since = None
        self.outage.succeeded()
        self.window.grow(sent, now, full=full)
        for bucket in self.buckets.values():
            bucket.recover()
        self.save(now)

    def failed(self, error: Unavailable, sent: float) -> None:
        """A request failed by no fault of its own. Where answers take too long, fewer are asked for at a time.

        Raises ProviderError, which closes the limiter, once nothing has been answered for minutes.
        """
        now, up = self.now(), not self.outage.down
        self.resume = max(self.resume, now + self.outage.failed(sent, now))
        if self.outage.down and up:
            log.info("%s: failures in a row, asking one at a time", self.name)
        if error.retry_after is not None and error.retry_after <= PATIENCE:
            self.resume = max(self.resume, now + error.retry_after)
        if error.reason == "timeout" and self.window.cut(sent, now, ceiling=True):
            log.info("%s: answers take too long, %d at a time", self.name, self.window.room)
        if self.outage.hopeless(now, answered=self.answered > 0):
            final = ProviderError(error.message, error.advice)
            self.gate.close(final)
            raise final from error

    def slow_down(self, error: RateLimited, sent: float) -> None:
        """A 429: everybody waits, and fewer go at a time. Raises it once it has lasted too long."""
        now, asked = self.now(), error.retry_after
        self.silent_since = now if self.silent_since is None else self.silent_since
        if asked is not None and asked > PATIENCE:
            raise RateLimited(f"{error.message} It asks to wait {asked:.0f} seconds.", error.advice, asked) from error
        if now - self.silent_since > PATIENCE:
            raise error
        if self.window.cut(sent, now, ceiling=not any(bucket.limit for bucket in self.buckets.values())):
            for bucket in self.buckets.values():
                bucket.shrink()
            self.limited += 1
            log.info("%s: 429, %d at a time from now on, asked to wait %s s", self.name, self.window.room, asked)
        wait = pause(self.limited - 1, self._chance) if asked is None else asked
        self.resume = max(self.resume, now + wait)
        for bucket in self.buckets.values():
            bucket.hold(self.resume, now)
        self.save(now)

    def rescale(self, estimated: int, used: int) -> None:
        """Learns how many tokens a request really has, compared to its estimate."""
        if estimated > 0 and used > 0:
            ratio = min(4.0, max(0.25, used / estimated))
            self.scale += WEIGHT * (ratio - self.scale)

    def save(self, now: float) -> None:
        """Notes what was learned for the next run, once a second."""
        if now - self._saved >= SAVED_EVERY:
            self._saved = now
            pause = max(0.0, self.resume - now)
            self.memory.remember(self.name, notes.written(self.buckets, self.window, self.scale, pause))

    def restore(self) -> None:
        """Takes over what an earlier run noted."""
        now = self.now()
        self.scale, pause = notes.read(self.memory.recall(self.name), self.buckets, self.window, now)
        self.resume = now + pause

    def now(self) -> float:
        """Seconds on the event loop's clock, which never goes back."""
        return asyncio.get_running_loop().time()
