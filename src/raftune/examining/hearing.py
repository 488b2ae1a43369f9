"""What an endpoint says beside its answers: the time, and what it allows in a minute."""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime

from raftune.examining.check import Check
from raftune.limiting.headers import MINUTE, quota_of

MOST_SKEW = 60.0  # seconds
UNITS = ("requests", "tokens")


class Heard:
    """Keeps what the headers of the answers said."""

    def __init__(self) -> None:
        self.skew: float | None = None
        self.limits: dict[str, tuple[float, float]] = {}

    def hear(self, headers: Mapping[str, str]) -> None:
        """Takes in the headers of one answer."""
        with suppress(ValueError):
            self.skew = time.time() - parsedate_to_datetime(headers.get("date", "")).timestamp()
        for unit in UNITS:
            if (quota := quota_of(headers, unit)) and quota.limit:
                self.limits[unit] = quota.limit, quota.period

    def checks(self, role: str) -> Iterator[Check]:
        """Quota and clock."""
        if self.limits:
            told = ", ".join(f"{limit:,.0f} {unit} {span(period)}" for unit, (limit, period) in self.limits.items())
            yield Check(role, "quota", "ok", told)
        else:
            yield Check(role, "quota", "skipped", "not told; found out while running")
        if self.skew is None:
            yield Check(role, "clock", "skipped", "the endpoint tells no time")
        elif abs(self.skew) > MOST_SKEW:
            fast = "ahead of" if self.skew > 0 else "behind"
            words = f"this machine's clock is {abs(self.skew):,.0f} s {fast} the endpoint's"
            yield Check(role, "clock", "warn", words, "Set the clock: certificates and tokens depend on it.")
        else:
            yield Check(role, "clock", "ok", f"within {max(1.0, abs(self.skew)):.0f} s of the endpoint's")


def span(period: float) -> str:
    """A period in words."""
    return {MINUTE: "a minute", 3600.0: "an hour", 86400.0: "a day"}.get(period, f"in {period:.0f} s")
