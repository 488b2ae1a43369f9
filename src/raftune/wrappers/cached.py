"""A model whose replies are remembered in the ledger: what was paid for once is never asked again."""

import asyncio

from raftune.contracts import ChatModel, ChatReply, ChatRequest
from raftune.digest import Json, digest
from raftune.ledger import Ledger

KIND = "chat"


def noted(request: ChatRequest) -> dict[str, Json]:
    """A request as the ledger notes it: of pictures only the digest, they would fill the disk."""
    note = request.model_dump(mode="json")
    for message in note["messages"]:
        if "images" in message:
            message["images"] = [digest(image) for image in message["images"]]
    return note


class CachedModel:
    """Answers from the ledger, else asks `model` and commits the reply before anyone sees it.

    With `refresh`, a request is asked anew the first time this object sees it.
    """

    def __init__(self, model: ChatModel, ledger: Ledger, *, refresh: bool = False) -> None:
        self.model = model
        self.ledger = ledger
        self.refresh = refresh
        self._refreshed: set[str] = set()
        self._in_flight: dict[str, asyncio.Task[ChatReply]] = {}
        self._waiting: dict[str, int] = {}

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The remembered or new reply; equal requests in flight are sent once. Errors are not remembered."""
        key = request.key
        usable = not self.refresh or key in self._refreshed
        if usable and (known := self.ledger.recall(key)) is not None:
            return ChatReply.model_validate(known)
        task = self._in_flight.get(key)
        if task is None:
            task = self._in_flight[key] = asyncio.ensure_future(self._ask(key, request))
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            return await asyncio.shield(task)
        finally:
            self._leave(key, task)

    def _leave(self, key: str, task: "asyncio.Task[ChatReply]") -> None:
        """The last one who waits for a request takes it along: stopping a run stops its calls."""
        self._waiting[key] -= 1
        if self._waiting[key] == 0:
            del self._waiting[key]
            del self._in_flight[key]
            task.cancel()

    async def _ask(self, key: str, request: ChatRequest) -> ChatReply:
        reply = await self.model.complete(request)
        self.ledger.remember(key, KIND, noted(request), reply.model_dump(mode="json"))
        self._refreshed.add(key)
        return reply
