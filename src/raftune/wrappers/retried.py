"""A model that is asked again, after a pause, when its endpoint is not available for the moment."""

from typing import Any

from raftune.contracts import ChatModel, ChatReply, ChatRequest
from raftune.retrying import Retrying


class RetriedModel:
    """Asks `model` as often and with such pauses as `Retrying` has it; its options are the keywords here."""

    def __init__(self, model: ChatModel, **options: Any) -> None:
        self.model = model
        self.retrying = Retrying(**options)

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises the last Unavailable when all attempts failed; other errors at once."""
        return await self.retrying.call(lambda: self.model.complete(request))
