"""A model that goes by another name at its endpoint than in the ledger, where the name tells its weights apart."""

from raftune.contracts import ChatModel, ChatReply, ChatRequest


class RenamedModel:
    """Asks `model` under the name that its endpoint knows."""

    def __init__(self, model: ChatModel, name: str) -> None:
        self.model = model
        self.name = name

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises as the model does."""
        return await self.model.complete(request.model_copy(update={"model": self.name}))
