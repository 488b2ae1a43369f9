"""What a run has used and spent, and the limit it must not pass."""

from dataclasses import dataclass, field

from raftune.costs import Price, Usage, cost
from raftune.errors import ConfigError, OverBudget


@dataclass
class Meter:
    """What a run has used and spent so far, over all models that share it; `limit` in dollars, None for none.

    `dollars` counts the calls whose price is known; `unpriced` counts the others.
    """

    limit: float | None = None
    usage: Usage = field(default_factory=Usage)
    dollars: float = 0.0
    unpriced: int = 0

    def add(self, usage: Usage, price: Price | None) -> None:
        """Counts what one call used."""
        self.usage += usage
        spent = cost(usage, price)
        if spent is None:
            self.unpriced += usage.requests
        else:
            self.dollars += spent

    def check(self, model: str, price: Price | None) -> None:
        """Raises OverBudget once the limit is reached, ConfigError where it cannot be held for want of a price."""
        if self.limit is None:
            return
        if price is None:
            raise ConfigError(
                f"A budget is set, but the price of {model} is not known.",
                "Remove max_cost from raftune.toml, or choose a model whose price is listed.",
            )
        if self.exhausted:
            raise OverBudget(
                f"The run has spent ${self.dollars:.2f} of its ${self.limit:.2f}.",
                "Raise the budget and run again: what was paid for is kept.",
            )

    @property
    def exhausted(self) -> bool:
        """Whether what was spent has reached the limit."""
        return self.limit is not None and self.dollars >= self.limit
