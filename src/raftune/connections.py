"""Connects the roles of a run to their models: one onion of wrappers a model, so that each rule is kept in one place.

    a remote model   structured( cached( retried( limited( metered( endpoint )))))
    by batches       structured( cached( batched( endpoint's batches )))
    on this machine  cached( retried( metered( model )))

Cached remembers what was paid for; retried repeats what failed by chance; limited keeps to the quota; metered holds the
budget. The meter is innermost, so that a repeated reply is counted as often as it was paid.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from raftune.contracts import ChatModel, ChatRequest, Embedder
from raftune.costs import Price, price_of
from raftune.endpoints.endpoint import Endpoint
from raftune.endpoints.keys import Keys
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import ConfigError
from raftune.ledger import Ledger
from raftune.limiting.limiter import Limiter
from raftune.meter import Meter
from raftune.registry import load
from raftune.roles import EmbedderConfig, EndpointConfig
from raftune.tokenizing import Counter, counter_for, request_tokens
from raftune.wrappers.batched import BatchedModel
from raftune.wrappers.cached import CachedModel
from raftune.wrappers.limited import LimitedModel
from raftune.wrappers.metered import MeteredModel
from raftune.wrappers.paid_embedder import PaidEmbedder
from raftune.wrappers.renamed import RenamedModel
from raftune.wrappers.retried import RetriedModel
from raftune.wrappers.structured import StructuredModel

FREE = Price(input=0.0, output=0.0)
HALF = 0.5  # of the price of live requests: what OpenAI and Azure take for batches
GRACE = 10.0  # seconds that calls in flight get to end in, where a run is stopped


@dataclass
class Connections:
    """What one run is connected to. Roles with the same endpoint and model share a limiter, so that one quota is kept.

    `folder` is the project's, where `.env` and `prices.toml` lie; `stage` is the one that runs now; with `refresh` it
    asks for replies anew that are in the ledger.
    """

    folder: Path
    ledger: Ledger
    meter: Meter
    keys: Keys
    memory: EndpointMemory
    stage: str = ""
    refresh: bool = False
    opened: list[Any] = field(default_factory=list)
    remembering: list[CachedModel] = field(default_factory=list)
    limiters: dict[str, Limiter] = field(default_factory=dict)

    def enter(self, stage: str, *, refresh: bool) -> None:
        """A stage starts."""
        self.stage = self.meter.stage = stage
        self.refresh = refresh

    def remote(self, config: EndpointConfig, model: str) -> ChatModel:
        """A model at an endpoint, with mended and checked replies."""
        return StructuredModel(self.paid(config, model))

    def served(self, config: EndpointConfig, model: str) -> ChatModel:
        """A student at an endpoint, called `model` there, whose replies come as they are.

        Raises ConfigError for batches: a student's name in the ledger is not the one that a batch would have to hold.
        """
        if config.delivery == "batch":
            raise ConfigError(f"The model {model} is not asked by batches.", "Take delivery out of its section.")
        return self.paid(config, model, lambda bare: RenamedModel(bare, model))

    def paid(
        self,
        config: EndpointConfig,
        model: str,
        around: Callable[[ChatModel], ChatModel] = lambda bare: bare,
    ) -> ChatModel:
        """A model at an endpoint behind ledger, retries, limiter and meter, or behind ledger and batches."""
        price, count = price_for(config, model, self.folder), self.counting(config, model)
        if config.delivery == "batch":
            return self.cached(self.batched(config, model, price, count), price)
        limiter, endpoint = self.endpoint(config, model, "chat")
        bare = around(self.opening(load("providers", "openai")(endpoint, self.memory)))
        metered = MeteredModel(bare, self.meter, price, count)
        return self.cached(RetriedModel(LimitedModel(metered, limiter, count)), price)

    def batched(
        self, config: EndpointConfig, model: str, price: Price | None, count: Callable[[ChatRequest], int]
    ) -> ChatModel:
        """A model that is asked by batches."""
        _, endpoint = self.endpoint(config, model, "batch")
        batches = self.opening(load("providers", "openai_batches")(endpoint, self.memory))
        name = f"{endpoint.address.name} {model}"
        batched = BatchedModel(
            batches, self.ledger, name=name, meter=self.meter, price=price, count=count, stage=self.stage
        )
        return cast("ChatModel", self.opening(batched))

    def local(self, model: ChatModel) -> ChatModel:
        """A model on this machine behind ledger, retries and meter."""
        metered = MeteredModel(self.opening(model), self.meter, FREE, lambda _: 0)
        return self.cached(RetriedModel(metered), FREE)

    def embedder(self, config: EmbedderConfig) -> Embedder:
        """The embedder at an endpoint behind ledger, limiter, retries and meter."""
        limiter, endpoint = self.endpoint(config, config.model, "embeddings")
        bare = self.opening(load("embedders", "openai")(endpoint, config.model, config.dimensions))
        price = price_for(config, config.model, self.folder)
        return PaidEmbedder(
            bare, self.ledger, self.meter, price, limiter=limiter, stage=self.stage, refresh=self.refresh
        )

    def cached(self, model: ChatModel, price: Price | None) -> CachedModel:
        """A model behind the ledger."""
        cached = CachedModel(model, self.ledger, refresh=self.refresh, stage=self.stage, price=price)
        self.remembering.append(cached)
        return cached

    def endpoint(self, config: EndpointConfig, model: str, kind: str) -> tuple[Limiter, Endpoint]:
        """The connections to an endpoint, and the limiter that hears what it says about its quota."""
        address = config.address()
        name = f"{address.name} {model} {kind}"
        limiter = self.limiters.get(name)
        if limiter is None:
            limiter = self.limiters[name] = Limiter(
                name,
                self.memory,
                requests_per_minute=config.requests_per_minute,
                tokens_per_minute=config.tokens_per_minute,
                at_once=config.at_once,
            )
        return limiter, Endpoint(address, self.keys, limiter.hear)

    def counting(self, config: EndpointConfig, model: str) -> Callable[[ChatRequest], int]:
        """Counts the tokens of a request as the model does, as far as that is known.

        The tokenizer is opened by the first request that is sent: it takes a second, which a stored run need not wait.
        """
        opened: list[Counter] = []

        def count(request: ChatRequest) -> int:
            if not opened:
                opened.append(counter_for(model, config.tokenizer, self.folder))
            return request_tokens(request, opened[0])

        return count

    def opening(self, model: Any) -> Any:
        """Notes a model, so that `release` closes it."""
        self.opened.append(model)
        return model

    async def release(self) -> None:
        """Lets calls in flight end, then closes what a stage opened: an idle local model must not keep the cores."""
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*(model.drain(GRACE) for model in self.remembering))
        for model in self.opened:
            if leave := getattr(model, "aclose", None):
                await leave()
            elif close := getattr(model, "close", None):
                close()
        self.remembering.clear()
        self.opened.clear()
        self.memory.flush()


def price_for(config: EndpointConfig, model: str, folder: Path) -> Price | None:
    """What a model costs: by the role's own prices, else by the project's or the shipped list, batches at theirs."""
    if config.input_price is not None and config.output_price is not None:
        price: Price | None = Price(input=config.input_price, output=config.output_price, batch=HALF)
    else:
        price = price_of(model, folder)
    return price.batched() if price is not None and config.delivery == "batch" else price
