"""A model with no model behind it: for projects whose replies all come from a recorded ledger."""

from raftune.contracts import ChatReply, ChatRequest
from raftune.errors import ProviderError


class RecordedModel:
    """Refuses every request that the ledger in front of it could not answer."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Raises ProviderError always."""
        raise ProviderError(
            f"This reply is not in the project's ledger (request {request.key[:12]} to {request.model}).",
            "Name a teacher in raftune.toml under [teacher], or import the ledger that holds its replies.",
        )


def plug() -> RecordedModel:
    """A model that only ever was recorded."""
    return RecordedModel()
