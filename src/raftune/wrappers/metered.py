"""A model whose requests, tokens and dollars are counted, and which is not called once the budget is spent."""

from raftune.contracts import ChatModel, ChatReply, ChatRequest
from raftune.costs import Meter, Price, Usage
from raftune.errors import ConfigError, OverBudget


class MeteredModel:
    """Counts the calls of `model` on `meter`, which other models of the run may share."""

    def __init__(self, model: ChatModel, meter: Meter, price: Price | None) -> None:
        self.model = model
        self.meter = meter
        self.price = price

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises OverBudget once the limit is reached, ConfigError where a limit cannot be held."""
        self.check(request.model)
        reply = await self.model.complete(request)
        self.meter.add(Usage(1, reply.prompt_tokens, reply.completion_tokens), self.price)
        return reply

    def check(self, model: str) -> None:
        """Raises an error if the budget does not allow another call."""
        if self.meter.limit is None:
            return
        if self.price is None:
            raise ConfigError(
                f"A budget is set, but the price of {model} is not known.",
                "Remove max_cost from raftune.toml, or choose a model whose price is listed.",
            )
        if self.meter.exhausted:
            raise OverBudget(
                f"The run has spent ${self.meter.dollars:.2f} of its ${self.meter.limit:.2f}.",
                "Raise the budget and run again: what was paid for is kept.",
            )
