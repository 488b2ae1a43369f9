"""Quotas of requests and tokens a minute: refilled all the time, as OpenAI does, or in windows of seconds, as Azure."""

from collections import deque
from dataclasses import dataclass
from math import ceil, floor

MINUTE = 60.0


class Bucket:
    """So many a minute. `window` seconds: a fixed window's share of the minute, all of it free again in the next one.

    Without a window the bucket holds what `burst` seconds give, and is full at first.
    """

    def __init__(self, per_minute: float, window: float | None = None, burst: float = MINUTE) -> None:
        self.per_minute = per_minute
        self.window = window
        self.capacity = per_minute * (window or burst) / MINUTE
        self.level = self.capacity
        self.at: float | None = None
        self.lately: deque[tuple[float, float]] = deque()

    def refill(self, now: float) -> None:
        before, self.at = (now if self.at is None else self.at), now
        if self.window is None:
            self.level = min(self.capacity, self.level + (now - before) * self.per_minute / MINUTE)
        elif floor(now / self.window) != floor(before / self.window):
            self.level = self.capacity
        while self.lately and self.lately[0][0] <= now - MINUTE:
            self.lately.popleft()

    def fits(self, amount: float) -> bool:
        """Whether there is room now; more than the whole bucket goes through when it is full."""
        return self.level >= amount - 1e-9 or self.level >= self.capacity

    def take(self, now: float, amount: float) -> None:
        self.level -= amount
        self.lately.append((now, amount))

    def wait(self, now: float, amount: float) -> float:
        """Seconds until there is room."""
        if self.window is not None:
            return self.window - now % self.window
        return max(0.0, min(amount, self.capacity) - self.level) * MINUTE / self.per_minute

    def remaining(self) -> int:
        """What an answer's headers tell: of the minute, even where windows are enforced."""
        if self.window is None:
            return max(0, floor(self.level))
        return max(0, floor(self.per_minute - sum(amount for _, amount in self.lately)))

    def reset(self, now: float) -> float:
        """Seconds until all of it is free again."""
        if self.window is not None:
            return self.lately[0][0] + MINUTE - now if self.lately else 0.0
        return max(0.0, self.capacity - self.level) * MINUTE / self.per_minute


@dataclass(frozen=True)
class Refusal:
    """Why a request is not admitted, and for how long."""

    unit: str
    limit: float
    used: float
    wanted: float
    seconds: float
    too_large: bool = False


class Quota:
    """The quotas of one kind of requests; None: without limit."""

    def __init__(
        self, tokens: float | None, requests: float | None, window: float | None = None, burst: float = MINUTE
    ) -> None:
        self.window, self.burst = window, burst
        self.set(tokens, requests)

    def set(self, tokens: float | None, requests: float | None) -> None:
        """Other limits from now on."""
        limits = {"tokens": tokens, "requests": requests}
        self.buckets = {
            unit: Bucket(limit, self.window, self.burst) for unit, limit in limits.items() if limit is not None
        }

    def admit(self, now: float, tokens: int) -> Refusal | None:
        """Takes a request's place, or says why not."""
        amounts = {"tokens": tokens, "requests": 1}
        for unit, bucket in self.buckets.items():
            bucket.refill(now)
            if not bucket.fits(amounts[unit]) or amounts[unit] > bucket.per_minute:
                used = bucket.per_minute - bucket.remaining()
                seconds, too_large = bucket.wait(now, amounts[unit]), amounts[unit] > bucket.per_minute
                return Refusal(unit, bucket.per_minute, used, amounts[unit], seconds, too_large)
        for unit, bucket in self.buckets.items():
            bucket.take(now, amounts[unit])
        return None

    def headers(self, now: float) -> dict[str, str]:
        """x-ratelimit-* of every answer."""
        found: dict[str, str] = {}
        for unit, bucket in self.buckets.items():
            bucket.refill(now)
            found[f"x-ratelimit-limit-{unit}"] = str(floor(bucket.per_minute))
            found[f"x-ratelimit-remaining-{unit}"] = str(bucket.remaining())
            found[f"x-ratelimit-reset-{unit}"] = duration(bucket.reset(now))
        return found


def duration(seconds: float) -> str:
    """As OpenAI writes it: 120ms, 1.5s, 6m0s."""
    if seconds < 1:
        return f"{ceil(seconds * 1000)}ms"
    if seconds < MINUTE:
        return f"{seconds:.3f}".rstrip("0").rstrip(".") + "s"
    return f"{int(seconds // MINUTE)}m{seconds % MINUTE:.3f}".rstrip("0").rstrip(".") + "s"
