"""What models cost: by tokens read and written, by training, by hosting. Unknown stays unknown, never 0.

Prices are in dated files: the one that comes along, and a `prices.toml` in the project's folder, which comes first.
"""

import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from raftune.errors import ConfigError

MILLION = 1_000_000
PRICES = "prices.toml"


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
    """Dollars per million tokens read (`input`) and written (`output`), from when and where.

    `batch` is the share of it that the Batch API takes, None where it does not take the model. `training` is dollars
    per million trained tokens, at least `training_minimum` dollars a job; `hosting` is dollars per hour of the tuned
    model. None: not known.
    """

    input: float
    output: float
    batch: float | None = None
    training: float | None = None
    training_minimum: float = 0.0
    hosting: float | None = None
    date: str = ""
    source: str = ""

    def batched(self) -> "Price | None":
        """The price by the Batch API, or None where it is not known."""
        return (
            None
            if self.batch is None
            else replace(self, input=self.input * self.batch, output=self.output * self.batch)
        )


def cost(usage: Usage, price: Price | None) -> float | None:
    """Dollars for `usage`, or None where the price is not known."""
    if price is None:
        return None
    return (usage.prompt_tokens * price.input + usage.completion_tokens * price.output) / MILLION


def training_dollars(price: Price | None, tokens: int, epochs: int) -> float | None:
    """Dollars for training on so many tokens, each once an epoch, or None where the price is not known."""
    if price is None or price.training is None:
        return None
    return max(price.training_minimum, tokens * epochs * price.training / MILLION)


def hosting_dollars(price: Price | None, hours: float) -> float | None:
    """Dollars for keeping a tuned model ready for so long, used or not, or None where the price is not known."""
    return None if price is None or price.hosting is None else hours * price.hosting


def price_of(model: str, folder: Path | None = None) -> Price | None:
    """The listed price of a model by its exact name, or None: a dated variant may cost something else.

    A tuned model (ft:gpt-4o-mini-2024-07-18:bank::abc) has the price of those tuned from the same one. Raises
    ConfigError where the project's own list is none.
    """
    own = own_prices(folder / PRICES) if folder is not None else {}
    tuned = ":".join(model.split(":")[:2]) if model.startswith("ft:") else model
    entry = next((known[name] for name in (model, tuned) for known in (own, price_list()) if name in known), None)
    return None if entry is None else Price(**entry)


@cache
def price_list() -> dict[str, dict[str, Any]]:
    """The price file that comes along, by model."""
    return tomllib.loads((files("raftune") / PRICES).read_text(encoding="utf-8"))


def own_prices(path: Path) -> dict[str, dict[str, Any]]:
    """The price file of a project, by model; nothing where there is none. Raises ConfigError."""
    if not path.is_file():
        return {}
    known = {field.name for field in fields(Price)}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read ({error}).", "Mend it, or take it away.") from error
    for model, entry in found.items():
        if not isinstance(entry, dict) or not {"input", "output"} <= set(entry) <= known:
            raise ConfigError(
                f"{path}: the entry {model!r} is no price.", f"It needs input and output, and may have {sorted(known)}."
            )
    return found
