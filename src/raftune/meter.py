"""What a run has used and spent, and the limit it must not pass."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from raftune.costs import Price, Usage, cost
from raftune.errors import ConfigError, OverBudget
from raftune.remembering.spending import Spending, money

SLACK = 1e-9  # dollars: sums of many small numbers are not exact


@dataclass
class Meter:
    """What a run has used and spent so far, over all models that share it; `limit` in dollars, None for none.

    `dollars` counts the calls whose price is known; `unpriced` counts the others. `stages` has the same for each
    stage, the present one being `stage`. `held` is what the calls in flight may cost at most.
    """

    limit: float | None = None
    usage: Usage = field(default_factory=Usage)
    dollars: float = 0.0
    unpriced: int = 0
    stage: str = ""
    stages: dict[str, Spending] = field(default_factory=dict)
    held: float = 0.0
    in_flight: int = 0
    waiting: list[tuple[float, str, asyncio.Future[None]]] = field(default_factory=list)

    def add(self, usage: Usage, price: Price | None) -> None:
        """Counts what one call used."""
        self.usage += usage
        spent = cost(usage, price)
        if spent is None:
            self.unpriced += usage.requests
        else:
            self.dollars += spent
        new = Spending(usage.requests, usage.prompt_tokens, usage.completion_tokens, spent or 0.0)
        new.unpriced = usage.requests if spent is None else 0
        self.stages[self.stage] = self.stages.get(self.stage, Spending()) + new

    @asynccontextmanager
    async def reserved(self, model: str, most: Usage, price: Price | None) -> AsyncIterator[None]:
        """Around a call that uses `most` at the most, and that `add` is told of before the block ends.

        So much of the budget is set aside meanwhile. A call that does not fit waits for those in flight: they seldom
        cost what they might. Raises OverBudget when it does not fit then either, ConfigError where a limit cannot be
        held for want of a price.
        """
        self.priced(model, price)
        dollars = cost(most, price) or 0.0
        if self.limit is None or dollars == 0:
            yield
            return
        await self.reserve(dollars, model)
        try:
            yield
        finally:
            self.give_back(dollars)

    def priced(self, model: str, price: Price | None) -> None:
        """Raises ConfigError where a limit cannot be held for want of a price."""
        if self.limit is not None and price is None:
            raise ConfigError(
                f"A budget is set, but the price of {model} is not known.",
                "Remove max_cost from raftune.toml, or give the model's input_price and output_price there.",
            )

    async def reserve(self, dollars: float, model: str) -> None:
        """Sets so much of the budget aside, once there is room for it. Raises OverBudget."""
        if self.fits(dollars):
            self.hold(dollars)
            return
        if not self.in_flight:
            raise self.over(dollars, model)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append((dollars, model, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self.admit()
            elif turn.exception() is None:  # it was given its share in the moment it was cancelled
                self.give_back(dollars)
            raise

    def give_back(self, dollars: float) -> None:
        """Ends a reservation: what the call really cost was counted by `add`."""
        self.in_flight -= 1
        self.held = self.held - dollars if self.in_flight else 0.0
        self.admit()

    def admit(self) -> None:
        """Lets those who wait go on in their order, as far as they fit; with nothing in flight the rest never will."""
        waiting = [one for one in self.waiting if not one[2].done()]
        self.waiting = []
        for dollars, model, turn in waiting:
            if self.fits(dollars):
                self.hold(dollars)
                turn.set_result(None)
            elif self.in_flight:
                self.waiting.append((dollars, model, turn))
            else:
                turn.set_exception(self.over(dollars, model))

    def hold(self, dollars: float) -> None:
        """Notes a reservation."""
        self.held += dollars
        self.in_flight += 1

    def fits(self, dollars: float) -> bool:
        """Whether a call that costs so much at most can be made beside those in flight."""
        return self.limit is None or self.dollars + self.held + dollars <= self.limit + SLACK

    def over(self, dollars: float, model: str) -> OverBudget:
        """The error of a call that no longer fits."""
        limit = self.limit or 0.0
        left = max(0.0, limit - self.dollars)
        return OverBudget(
            f"The run has spent {money(self.dollars)} of its {money(limit)}; the next request to {model} may cost "
            f"{money(dollars)}, and {money(left)} is left.",
            "Raise max_cost in raftune.toml (or give --max-cost) and run again: what was paid for is kept.",
        )
