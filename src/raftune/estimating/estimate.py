"""What some requests will take: tokens, dollars and minutes, without those that the ledger answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from raftune.contracts import ChatRequest
from raftune.costs import Price, Usage, cost
from raftune.estimating.replies import Habit
from raftune.ledger import Ledger
from raftune.tokenizing import request_tokens


@dataclass(frozen=True)
class Pace:
    """What an endpoint allows in a minute; None where that is not known."""

    requests: float | None = None
    tokens: float | None = None

    def minutes(self, requests: float, tokens: float) -> float | None:
        """How long the quota alone makes it take, or None."""
        known = [amount / rate for amount, rate in ((requests, self.requests), (tokens, self.tokens)) if rate]
        return max(known) if known else None


@dataclass(frozen=True)
class Estimate:
    """What a stage will take. `dollars` and `minutes` are None where they are not known; `by` says what it goes by.

    `share` of its passages were counted, the others are taken to be like them.
    """

    usage: Usage = field(default_factory=Usage)
    dollars: float | None = 0.0
    minutes: float | None = None
    by: str = ""
    share: float = 1.0

    def __add__(self, other: "Estimate") -> "Estimate":
        unknown = self.dollars is None or other.dollars is None
        minutes = [one.minutes for one in (self, other) if one.minutes is not None]
        return Estimate(
            self.usage + other.usage,
            None if unknown else (self.dollars or 0.0) + (other.dollars or 0.0),
            sum(minutes) if minutes else None,
        )


@dataclass(frozen=True)
class Terms:
    """What is known about a model: how it counts, what it costs, how long its replies are, what its endpoint allows."""

    count: Callable[[str], int]
    price: Price | None
    habit: Habit
    pace: Pace = Pace()


def estimated(requests: Sequence[ChatRequest], share: float, terms: Terms, ledger: Ledger | None) -> Estimate:
    """The estimate for requests that are a `share` of all; those whose replies are in the ledger take nothing."""
    new = [request for request in requests if ledger is None or ledger.recall(request.key) is None]
    read = terms.habit.scale * sum(request_tokens(request, terms.count) for request in new)
    room = sum(request.max_tokens for request in new)
    usage = Usage(round(len(new) / share), round(read / share), round(terms.habit.completion(new) / share))
    minutes = terms.pace.minutes(usage.requests, (read + room) / share)
    return Estimate(usage, cost(usage, terms.price), minutes, terms.habit.words, share)
