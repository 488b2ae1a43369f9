"""A model that is asked as fast as its endpoint's quota allows, and no faster."""

from collections.abc import Callable

from raftune.contracts import ChatModel, ChatReply, ChatRequest
from raftune.limiting.limiter import Limiter


class LimitedModel:
    """Asks `model` when the limiter says so; `count` estimates the tokens of a request without its reply."""

    def __init__(self, model: ChatModel, limiter: Limiter, count: Callable[[ChatRequest], int]) -> None:
        self.model = model
        self.limiter = limiter
        self.count = count

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises RateLimited where the endpoint refuses for minutes, and as the model does."""

        async def ask() -> ChatReply:
            return await self.model.complete(request)

        return await self.limiter.call(self.count(request), request.max_tokens, ask, lambda reply: reply.prompt_tokens)
