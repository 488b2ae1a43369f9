"""A bucket that fills evenly with what a quota allows, and holds a few seconds of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MARGIN = 0.985  # of the limit: one's own clock and the endpoint's are never quite the same
SLOWER = 0.97  # times the pace, where the endpoint refuses what its limit allows
LEAST_PACE = 0.2
FASTER = 0.00015  # more pace for each answer: so one request in 200 is refused where the limit is not the whole truth
BURST = 5.0
SHORTEST_BURST = 1.0
REMEMBERED = 60.0  # seconds of an earlier run that count


@dataclass
class Bucket:
    """`limit` in `period` seconds, None while that is not known; a `fixed` one was set and is not learned.

    It holds `burst` seconds of quota and no more, because providers enforce the minute in windows of 1 to 10 seconds.
    `pace` is the share of the limit that is used.
    """

    limit: float | None = None
    period: float = 60.0
    fixed: bool = False
    burst: float = BURST
    pace: float = MARGIN
    level: float = 0.0
    filled: float = 0.0

    @property
    def rate(self) -> float:
        """What comes in a second."""
        return self.pace * self.limit / self.period if self.limit else float("inf")

    @property
    def capacity(self) -> float:
        """What it holds at most."""
        return self.rate * self.burst

    def fill(self, now: float) -> None:
        """Adds what came since it was last filled."""
        if now > self.filled:
            passed, self.filled = now - self.filled, now
            self.level = min(self.capacity, self.level + passed * self.rate) if self.limit else 0.0

    def wait(self, amount: float, now: float) -> float:
        """Seconds until `amount` may be taken; one that is larger than the bucket may once the bucket is full."""
        self.fill(now)
        return max(0.0, (min(amount, self.capacity) - self.level) / self.rate) if self.limit else 0.0

    def take(self, amount: float) -> None:
        """Takes an amount; the level may fall below nothing, and has to come back before the next one."""
        if self.limit:
            self.level -= amount

    def learn(self, limit: float | None, remaining: float | None, period: float, now: float) -> None:
        """What the endpoint says: its limit, and how much of it is left."""
        if limit and not self.fixed and (limit != self.limit or period > self.period):
            known, self.limit, self.period = self.limit, limit, period
            self.filled, self.level = now, self.level if known else self.rate
        if remaining is not None and self.limit:
            self.fill(now)
            self.level = min(self.level, remaining)

    def hold(self, until: float, now: float) -> None:
        """Nothing comes in before `until`: what was saved up meanwhile would be a burst."""
        self.fill(now)
        self.level = min(self.level, 0.0)
        self.filled = max(self.filled, until)

    def shrink(self) -> None:
        """The endpoint refused what the bucket allowed: slower, with smaller bursts."""
        self.burst = max(SHORTEST_BURST, self.burst / 2)
        self.pace = max(LEAST_PACE, self.pace * SLOWER)

    def recover(self) -> None:
        """The endpoint answered."""
        self.pace = min(MARGIN, self.pace + FASTER)

    def noted(self) -> dict[str, Any]:
        """What the next run has to know."""
        return {
            "limit": self.limit, "period": self.period, "burst": self.burst, "pace": self.pace, "level": self.level
        }  # fmt: skip

    def restore(self, known: Mapping[str, Any], age: float, now: float) -> None:
        """Goes on where a run stood `age` seconds ago. Raises KeyError, TypeError or ValueError for what is no note."""
        limit, period = float(known["limit"]), float(known["period"])
        burst, pace, level = float(known["burst"]), float(known["pace"]), float(known["level"])
        if not (limit > 0 and period > 0 and SHORTEST_BURST <= burst <= BURST and LEAST_PACE <= pace <= MARGIN):
            raise ValueError("not a bucket")
        if not self.fixed:
            self.limit, self.period = limit, period
        self.burst, self.pace = burst, pace
        self.level, self.filled = max(-limit, min(0.0, level)), now - min(REMEMBERED, age)
