"""How many requests may be in flight: grown while that brings more, cut when the endpoint has had too much.

Additive increase, multiplicative decrease (Chiu and Jain 1989), with TCP's slow start and threshold (RFC 5681).
"""

from dataclasses import dataclass

CUT = 0.75
STEP = 0.05  # of its size a window grows in a round at least, once it is past the threshold
SLOWER = 1.5  # times the time of fewer requests: they wait for each other at the endpoint
GAIN = 1.15  # times the throughput: less than that is no gain
ENOUGH = 4  # requests whose mean time says something
REST, LONGEST_REST = 8, 64  # rounds that a window stays as it is after growing brought nothing


@dataclass(frozen=True)
class Round:
    """As many answers as the window had places: its size at the begin, their mean seconds, answers a second."""

    size: float
    latency: float
    throughput: float


@dataclass
class Window:
    """`size` requests at most; begins with one, so that a wrong key costs one request."""

    most: int
    size: float = 1.0
    threshold: float = float("inf")
    cut_at: float = float("-inf")
    begun: float | None = None
    began_with: float = 1.0
    answered: int = 0
    seconds: float = 0.0
    settled: Round | None = None
    rest: int = 0
    next_rest: int = REST

    @property
    def room(self) -> int:
        """The whole number of requests that may be in flight."""
        return max(1, min(self.most, int(self.size)))

    def grow(self, sent: float, now: float, *, full: bool) -> None:
        """A request that was sent at `sent` was answered; `full` says whether the window held others back."""
        self.begun = sent if self.begun is None else self.begun
        self.answered += 1
        self.seconds += now - sent
        if full and not self.rest:
            step = 1.0 if self.size < self.threshold else max(STEP, 1.0 / self.size)
            self.size = min(self.most, self.size + step)
        if self.answered >= int(self.began_with):
            self.end_round(self.begun, now)

    def end_round(self, begun: float, now: float) -> None:
        """As many were answered as fitted: has growing brought anything since the last round that was kept?"""
        last = Round(self.began_with, self.seconds / self.answered, self.answered / max(1e-9, now - begun))
        kept = self.settled
        self.rest = max(0, self.rest - 1)
        if kept is None or last.size < 1.5 * kept.size:
            self.settled = last if kept is None or last.size <= kept.size else kept
        elif last.latency > SLOWER * kept.latency and last.throughput < GAIN * kept.throughput:
            self.size, self.rest = kept.size, self.next_rest
            self.next_rest = min(LONGEST_REST, 2 * self.next_rest)
        else:
            self.settled, self.next_rest = last, REST
        if self.settled is not None and self.settled.size < ENOUGH:
            self.settled = None
        self.start_round(now)

    def start_round(self, now: float) -> None:
        """Counts anew."""
        self.begun, self.began_with, self.answered, self.seconds = now, float(self.room), 0, 0.0

    def cut(self, sent: float, now: float, *, ceiling: bool) -> bool:
        """The endpoint had too much. Whether it was cut: once a burst, not for requests sent before the last cut.

        `ceiling`: from here on it grows slowly. Without it, it was a quota by the minute that was passed, and how many
        are in flight has little to do with that.
        """
        if sent <= self.cut_at:
            return False
        self.size = max(1.0, CUT * self.room)
        if ceiling:
            self.threshold = self.size
        self.cut_at, self.settled = now, None
        self.start_round(now)
        return True
