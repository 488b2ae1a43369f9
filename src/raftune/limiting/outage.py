"""An endpoint that is down is not hammered: one request at a time looks whether it is back, with growing pauses."""

import random

FAILURES = 5  # in a row: the endpoint is down
PATIENCE = 300.0  # seconds without one answer, then waiting any longer is no use
FIRST_PATIENCE = 60.0  # the same, where it never answered in this run
LONGEST_PAUSE = 30.0


class Outage:
    """Failures in a row, since when, and how often one was sent to look since then."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.failures = 0
        self.looks = 0
        self.since = 0.0
        self.looked = float("-inf")

    @property
    def down(self) -> bool:
        """Whether only one request at a time may be sent."""
        return self.failures >= FAILURES

    def failed(self, sent: float, now: float) -> float:
        """Takes note of a failure; the seconds that everybody has to wait. A burst of failures counts once."""
        if not self.failures:
            self.since, self.looks, self.looked = now, 0, now
        self.failures += 1
        if not self.down:
            return 0.0
        if sent > self.looked:
            self.looks, self.looked = self.looks + 1, now
        return pause(self.looks, self.chance)

    def succeeded(self) -> None:
        """An answer came."""
        self.failures = 0

    def hopeless(self, now: float, *, answered: bool) -> bool:
        """Whether it has been down for too long; `answered`: it has answered in this run before."""
        return self.down and now - self.since > (PATIENCE if answered else FIRST_PATIENCE)


def pause(times: int, chance: random.Random) -> float:
    """Seconds to wait after something went wrong so many times in a row, with jitter: 0.5 to 1 at first, at most 30."""
    return min(LONGEST_PAUSE, 2.0 ** min(times, 10)) * chance.uniform(0.5, 1.0)
