"""A model that is asked again, after a pause, when its endpoint is not available for the moment."""

from typing import Any

from raftune.contracts import ChatModel, ChatReply, ChatRequest
from raftune.errors import BadReply, RateLimited, Unavailable
from raftune.retrying import Retrying


class RetriedModel:
    """Asks `model` as often and with such pauses as `Retrying` has it; its options are the keywords here.

    Where a request fails each time although others are answered, the fault is with the request: it is given up, and the
    run goes on.
    """

    def __init__(self, model: ChatModel, **options: Any) -> None:
        self.model = model
        self.retrying = Retrying(**options)
        self._answered = 0

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises the last Unavailable when all attempts failed, BadReply when only this request fails."""
        seen: list[int] = []

        async def attempt() -> ChatReply:
            seen.append(self._answered)
            return await self.model.complete(request)

        try:
            reply = await self.retrying.call(attempt)
        except RateLimited:
            raise
        except Unavailable as error:
            if self._answered > seen[-2:][0]:
                raise BadReply(error.message, error.advice, error.reason) from error
            raise
        self._answered += 1
        return reply
