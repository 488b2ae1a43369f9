"""A model that is asked by batches: half the price, an answer within a day, and no request in two paid batches.

A batch is noted in the ledger before it is handed in and after, so a run that was killed goes on waiting for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from raftune.batching.asked import Asked, Gathering, twin
from raftune.batching.course import Batch, Course
from raftune.batching.notes import BatchNotes
from raftune.batching.patience import Patience
from raftune.batching.room import Room
from raftune.contracts import BatchEndpoint, ChatReply, ChatRequest
from raftune.costs import Price, Usage, cost
from raftune.errors import QueueFull, Unavailable
from raftune.ledger import Action, Ledger
from raftune.meter import Meter

KIND = "chat"
ROUNDS = 4
SETTLING = 10  # gathering times that an old batch waits at most for those who ask for its replies


class BatchedModel:
    """Gathers requests, hands them in by batches, waits, and gives each its reply.

    `name` tells endpoints apart in the ledger; `price` is that of batches; `count` estimates the tokens of a request
    as it is read. Requests are gathered until none came for `gather` seconds or there are `most`; batches are looked
    at every `poll` seconds. Replies that nobody asked for yet are put into the ledger under `stage`.
    """

    def __init__(
        self,
        batches: BatchEndpoint,
        ledger: Ledger,
        *,
        name: str,
        meter: Meter,
        price: Price | None,
        count: Callable[[ChatRequest], int],
        poll: float = 30.0,
        most: int = 50_000,
        gather: float = 2.0,
        stage: str = "",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.batches, self.ledger, self.meter = batches, ledger, meter
        self.price, self.count, self.stage = price, count, stage
        self.most, self.gather = most, gather
        self.notes = BatchNotes(ledger, name)
        self.room = Room(poll, sleep)
        self.course = Course(self.notes, Patience(batches, poll, sleep), self.room, self._keep, self._tokens)
        self._gatherings: dict[str, Gathering] = {}
        self._batches: dict[str, Batch] | None = None  # by the keys of their requests
        self._loading = asyncio.Lock()
        self._arrived: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._fault: BaseException | None = None
        self._last_asked = 0.0

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply, in hours. Raises BadReply or OverBudget, the Unavailable of the last of four batches in which the
        request failed, and any ProviderError that ends all.
        """
        batches = await self._known()
        for left in reversed(range(ROUNDS)):
            try:
                return await self._once(request, batches)
            except Unavailable:
                if not left or self._fault is not None:
                    raise
        raise AssertionError

    def close(self) -> None:
        """Stops waiting. What was handed in goes on, and is collected by the next run."""
        for gathering in self._gatherings.values():
            gathering.clear()
        with suppress(RuntimeError):  # the event loop has ended, and the tasks with it
            self._cancel()
        if close := getattr(self.batches, "close", None):
            close()

    async def _known(self) -> dict[str, Batch]:
        """All batches that are not collected, those of earlier runs too."""
        async with self._loading:
            if self._batches is None:
                self._batches = {}
                for note in await self.notes.unfinished():
                    old = Batch(note.model, note.keys, {}, note)
                    self._batches.update(dict.fromkeys(note.keys, old))
        return self._batches

    async def _once(self, request: ChatRequest, batches: dict[str, Batch]) -> ChatReply:
        """The reply by the batch that has the request, or the next one."""
        if self._fault is not None:
            raise twin(self._fault)
        loop = asyncio.get_running_loop()
        self._last_asked = loop.time()
        if request.key in self._arrived:
            return ChatReply.model_validate(await self.ledger.recalled(request.key))
        future: asyncio.Future[ChatReply] = loop.create_future()
        if (batch := batches.get(request.key)) is not None:
            self._join(batch, request, future)
            return await future
        most = Usage(1, self.count(request), request.max_tokens) if self.meter.limit is not None else Usage()
        async with self.meter.reserved(request.model, most, self.price):
            if (batch := batches.get(request.key)) is None:
                self._gather(request, future)
            else:
                self._join(batch, request, future)
            return await future

    def _join(self, batch: Batch, request: ChatRequest, future: asyncio.Future[ChatReply]) -> None:
        """Waits for a request of a batch; one of an earlier run is followed from the first that is asked for."""
        batch.asked.setdefault(request.key, Asked(request, 0)).waiting.append(future)
        if not batch.followed:
            batch.followed = True
            self._start(batch, lambda: self.course.resume(batch, self._quiet))

    def _gather(self, request: ChatRequest, future: asyncio.Future[ChatReply]) -> None:
        """Puts a request into the next batch of its model."""
        if self._fault is not None:
            raise twin(self._fault)
        if request.model not in self._gatherings:
            self._gatherings[request.model] = Gathering(self._hand_in, self.gather, self.most)
        gathering = self._gatherings[request.model]
        if (known := gathering.asked.get(request.key)) is not None:
            known.waiting.append(future)
        else:
            gathering.add(Asked(request, len(self.batches.line(request.key, request)), [future]))

    def _hand_in(self, asked: Sequence[Asked]) -> None:
        """Starts the course of requests, by as many batches as there has to be."""
        for part in self.room.parts(asked, lambda one: self._tokens(one.request)):
            by_key = {one.request.key: one for one in part}
            batch = Batch(part[0].request.model, tuple(by_key), by_key, followed=True)
            if self._batches is not None:
                self._batches.update(dict.fromkeys(batch.keys, batch))
            self._start(batch, partial(self.course.run, batch))

    async def _follow(self, batch: Batch, course: Callable[[], Awaitable[None]]) -> None:
        """Sees a batch through; what came of its requests reaches those who wait only when the ledger has it."""
        try:
            await course()
        except QueueFull:
            self._forget(batch)
            self._hand_in([asked for asked in batch.asked.values() if asked.wanted])
        else:
            self._forget(batch)
            for key, failure in batch.failed.items():
                if key in batch.asked:
                    batch.asked[key].settle(failure)

    async def _keep(self, batch: Batch, replies: dict[str, ChatReply]) -> None:
        """Commits replies, counts them, and hands them out. The ledger's note is short: who asks for one notes more."""
        note = {"model": batch.model, "messages": [], "batch": batch.note.id if batch.note else ""}
        await self.ledger.commit(*(self._action(key, note, reply) for key, reply in replies.items()))
        for key, reply in replies.items():
            self._arrived.add(key)
            self.meter.add(Usage(1, reply.prompt_tokens, reply.completion_tokens), self.price)
            if key in batch.asked:
                batch.asked[key].settle(reply)

    def _action(self, key: str, note: dict[str, Any], reply: ChatReply) -> Action:
        read, written = reply.prompt_tokens, reply.completion_tokens
        return Action(
            key,
            KIND,
            note,
            reply.model_dump(mode="json"),
            stage=self.stage,
            model=note["model"],
            prompt_tokens=read,
            completion_tokens=written,
            dollars=cost(Usage(1, read, written), self.price),
        )

    async def _quiet(self) -> None:
        """Returns when nobody has asked for anything for a while: those who go on after a kill ask one by one."""
        loop = asyncio.get_running_loop()
        end = loop.time() + SETTLING * self.gather
        while (rest := min(self._last_asked + self.gather, end) - loop.time()) > 0:  # noqa: ASYNC110 - no event says that nothing happened
            await asyncio.sleep(rest)

    def _tokens(self, request: ChatRequest) -> int:
        return self.count(request) + request.max_tokens

    def _forget(self, batch: Batch) -> None:
        """Lets the requests of a batch go into another one."""
        for key in batch.keys:
            if self._batches is not None and self._batches.get(key) is batch:
                del self._batches[key]

    def _stop(self, error: BaseException, last: Batch) -> None:
        """Ends all: everybody who waits raises the error, nothing more is handed in."""
        self._fault = error
        batches = {id(batch): batch for batch in [last, *(self._batches or {}).values()]}
        waiting = [asked for batch in batches.values() for asked in batch.asked.values()]
        for gathering in self._gatherings.values():
            waiting += gathering.clear()
        for asked in waiting:
            asked.settle(error)
        self._cancel()

    def _start(self, batch: Batch, course: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.ensure_future(self._follow(batch, course))
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, batch))

    def _ended(self, batch: Batch, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._stop(error, batch)

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
