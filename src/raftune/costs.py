"""What model calls cost: tokens counted, prices from the dated file `prices.toml`. Unknown stays unknown, never 0."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

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
