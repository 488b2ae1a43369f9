"""What model calls cost: tokens counted, prices from the dated file `prices.toml`. Unknown stays unknown, never 0."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from raftune.errors import ConfigError, OverBudget

MILLION = 1_000_000


@dataclass(frozen=True)
class Usage:
    """Tokens read and written by a number of requests."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
        )


@dataclass(frozen=True)
class Price:
    """Dollars per million tokens read (`input`) and written (`output`), from when and where."""

    input: float
    output: float
    date: str = ""
    source: str = ""


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


def cost(usage: Usage, price: Price | None) -> float | None:
    """Dollars for `usage`, or None where the price is not known."""
    if price is None:
        return None
    return (usage.prompt_tokens * price.input + usage.completion_tokens * price.output) / MILLION


def price_of(model: str) -> Price | None:
    """The listed price of a model by its exact name, or None: a dated variant may cost something else."""
    entry = price_list().get(model)
    return None if entry is None else Price(**entry)


@cache
def price_list() -> dict[str, dict[str, Any]]:
    """The price file, by model."""
    return tomllib.loads((files("raftune") / "prices.toml").read_text(encoding="utf-8"))
