"""What the server saw: requests, answers by status, admitted tokens second by second, the most at the same time."""

from array import array
from collections import Counter
from hashlib import blake2b
from math import ceil
from typing import Any


class Statistics:
    """Times are seconds of a clock of the server's own; seconds in the results count from the first admission."""

    def __init__(self) -> None:
        self.requests = 0
        self.answered: Counter[int] = Counter()
        self.faults: Counter[str] = Counter()
        self.times = array("d")
        self.reserved = array("d")
        self.refused = array("d")
        self.limits: list[tuple[float, float | None]] = []
        self.prompt_tokens = self.completion_tokens = 0
        self.at_once = self.most_at_once = 0
        self.connections = self.most_connections = 0
        self.abandoned = self.batch_lines = 0
        self.paid: Counter[bytes] = Counter()

    def clear(self) -> None:
        """Begins anew, but for the quotas and what is going on."""
        limits, at_once, connections = self.limits, self.at_once, self.connections
        self.__init__()  # type: ignore[misc]
        self.limits, self.at_once, self.connections = limits[-1:], at_once, connections

    def admitted(self, now: float, tokens: int) -> None:
        self.times.append(now)
        self.reserved.append(tokens)

    def enter(self) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)

    def pay(self, body: bytes, prompt: int, completion: int) -> None:
        """A completion was made: it costs whether or not anyone reads it."""
        self.paid[blake2b(body, digest_size=12).digest()] += 1
        self.prompt_tokens += prompt
        self.completion_tokens += completion

    def summary(self, start: float | None = None, end: float | None = None) -> dict[str, Any]:
        """All numbers; `window` holds those of seconds [start, end) after the first admission."""
        origin = self.times[0] if self.times else 0.0
        last = (self.times[-1] - origin) if self.times else 0.0
        start, end = start or 0.0, last if end is None else end
        refused = sum(1 for time in self.refused if start <= time - origin < end)
        inside = [
            tokens for time, tokens in zip(self.times, self.reserved, strict=True) if start <= time - origin < end
        ]
        offered = self.offered(origin + start, origin + end)
        return {
            "requests": self.requests,
            "answered": {str(status): count for status, count in sorted(self.answered.items())},
            "answered_429": self.answered[429],
            "faults": dict(self.faults),
            "paid": sum(self.paid.values()),
            "distinct_paid": len(self.paid),
            "repeated_paid": sum(self.paid.values()) - len(self.paid),
            "batch_lines": self.batch_lines,
            "abandoned": self.abandoned,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "reserved_tokens": sum(self.reserved),
            "at_once": self.at_once,
            "most_at_once": self.most_at_once,
            "most_connections": self.most_connections,
            "seconds": last,
            "reserved_each_second": self.each_second(origin, last),
            "window": {
                "start": start,
                "end": end,
                "admitted": len(inside),
                "refused": refused,
                "share_429": refused / max(1, refused + len(inside)),
                "reserved": sum(inside),
                "offered": offered,
                "quota_used": sum(inside) / offered if offered else None,
                "requests_per_second": len(inside) / (end - start) if end > start else None,
            },
        }

    def offered(self, start: float, end: float) -> float | None:
        """The tokens that the quotas of a time allowed; None where there was no limit at some time of it."""
        total = 0.0
        for place, (since, limit) in enumerate(self.limits):
            until = self.limits[place + 1][0] if place + 1 < len(self.limits) else end
            seconds = min(end, until) - max(start, since if place else start)
            if seconds > 0:
                if limit is None:
                    return None
                total += limit * seconds / 60
        return total

    def each_second(self, origin: float, last: float) -> list[float]:
        """Tokens admitted in each second from the first admission on."""
        seconds = [0.0] * ceil(last + 1e-9 or 1)
        for time, tokens in zip(self.times, self.reserved, strict=True):
            seconds[min(int(time - origin), len(seconds) - 1)] += tokens
        return seconds
