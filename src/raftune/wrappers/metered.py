"""A model whose requests, tokens and dollars are counted, and which is not called once the budget is spent."""

from raftune.contracts import ChatModel, ChatReply, ChatRequest
from raftune.costs import Price, Usage
from raftune.meter import Meter


class MeteredModel:
    """Counts the calls of `model` on `meter`, which other models of the run may share."""

    def __init__(self, model: ChatModel, meter: Meter, price: Price | None) -> None:
        self.model = model
        self.meter = meter
        self.price = price

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises OverBudget once the limit is reached, ConfigError where a limit cannot be held."""
        self.meter.check(request.model, self.price)
        reply = await self.model.complete(request)
        self.meter.add(Usage(1, reply.prompt_tokens, reply.completion_tokens), self.price)
        return reply
