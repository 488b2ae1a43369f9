"""A model whose replies are remembered in the ledger: what was paid for once is never asked again."""

import asyncio
from dataclasses import dataclass

from raftune.contracts import ChatModel, ChatReply, ChatRequest
from raftune.costs import Price, Usage, cost
from raftune.digest import Json, digest
from raftune.ledger import Action, Ledger
from raftune.remembering.flights import CURRENT, Flight

KIND = "chat"

Asking = asyncio.Task[ChatReply]


def noted(request: ChatRequest) -> dict[str, Json]:
    """A request as the ledger notes it: of pictures only the digest, they would fill the disk."""
    note = request.model_dump(mode="json")
    for message in note["messages"]:
        if "images" in message:
            message["images"] = [digest(image) for image in message["images"]]
    return note


@dataclass(eq=False)
class Asked(Flight):
    """A request on its way, and how many wait for its reply."""

    waiting: int = 0


class CachedModel:
    """Answers from the ledger, else asks `model` and commits the reply before anyone sees it.

    With `refresh`, a request is asked anew the first time this object sees it. What a reply cost at `price` is noted
    under `stage`.
    """

    def __init__(
        self, model: ChatModel, ledger: Ledger, *, refresh: bool = False, stage: str = "", price: Price | None = None
    ) -> None:
        self.model = model
        self.ledger = ledger
        self.refresh = refresh
        self.stage = stage
        self.price = price
        self._refreshed: set[str] = set()
        self._open: dict[str, tuple[Asked, Asking]] = {}

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The remembered or new reply; equal requests in flight are sent once. Errors are not remembered."""
        key = request.key
        known = self._open.get(key)
        flight, task = self._start(key, request) if known is None or known[1].done() else known
        flight.abandoned = False
        flight.waiting += 1
        try:
            return await asyncio.shield(task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not task.done():
                self._leave(key, flight, task)

    async def drain(self, seconds: float) -> None:
        """Gives requests that nobody waits for any more, but that were sent, so long to be answered and committed."""
        tasks = [task for _, task in self._open.values()]
        if not tasks:
            return
        await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    def _start(self, key: str, request: ChatRequest) -> tuple[Asked, Asking]:
        flight = Asked()
        task = asyncio.ensure_future(self._ask(flight, key, request))
        self._open[key] = flight, task
        task.add_done_callback(lambda _: self._end(key, task))
        return flight, task

    def _leave(self, key: str, flight: Asked, task: Asking) -> None:
        """Nobody waits: what is not with the endpoint is never sent; what is has to be paid for, so it may arrive."""
        flight.abandoned = True
        if not flight.sent:
            del self._open[key]
            task.cancel()

    def _end(self, key: str, task: Asking) -> None:
        if not task.cancelled():
            task.exception()  # marks an error as seen that nobody waits for any more
        if key in self._open and self._open[key][1] is task:
            del self._open[key]

    async def _ask(self, flight: Asked, key: str, request: ChatRequest) -> ChatReply:
        if not self.refresh or key in self._refreshed:
            known = await self.ledger.recalled(key)
            if known is not None:
                return ChatReply.model_validate(known)
        CURRENT.set(flight)
        reply = await self.model.complete(request)
        flight.sent += 1  # from here on it is paid for
        await self.ledger.commit(self._action(key, request, reply))
        if self.refresh:
            self._refreshed.add(key)
        return reply

    def _action(self, key: str, request: ChatRequest, reply: ChatReply) -> Action:
        return Action(
            key,
            KIND,
            noted(request),
            reply.model_dump(mode="json"),
            stage=self.stage,
            model=request.model,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            dollars=cost(Usage(1, reply.prompt_tokens, reply.completion_tokens), self.price),
        )
