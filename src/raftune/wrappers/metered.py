"""A model whose requests, tokens and dollars are counted, and which is not called where the budget could be passed."""

import logging
import time
from collections.abc import Callable

from raftune.contracts import ChatMessage, ChatModel, ChatReply, ChatRequest
from raftune.costs import Price, Usage
from raftune.meter import Meter
from raftune.remembering.flights import sending

MESSAGE_TOKENS = 8

log = logging.getLogger("raftune.model")


def most_tokens(request: ChatRequest) -> int:
    """No tokenizer makes more tokens of a text than it has bytes; pictures are not counted."""
    texts = sum(len(message.content.encode()) + MESSAGE_TOKENS for message in request.messages)
    return texts + len(str(request.reply_schema or ""))


class MeteredModel:
    """Counts the calls of `model` on `meter`, which other models of the run may share.

    `count` estimates the tokens of a request as it is read; the reply is held to have `max_tokens` at most.
    """

    def __init__(
        self, model: ChatModel, meter: Meter, price: Price | None, count: Callable[[ChatRequest], int] = most_tokens
    ) -> None:
        self.model = model
        self.meter = meter
        self.price = price
        self.count = count

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises OverBudget where the limit could be passed, ConfigError where it cannot be held."""
        most = Usage(1, self.count(request), request.max_tokens) if self.meter.limit is not None else Usage()
        async with self.meter.reserved(request.model, most, self.price):
            begun = time.monotonic()
            with sending():
                reply = self.counted(request, await self.model.complete(request))
            log.debug(
                "%s: %d tokens in, %d out, %s, %.0f ms",
                request.model, reply.prompt_tokens, reply.completion_tokens, reply.finish_reason,
                1000 * (time.monotonic() - begun),
            )  # fmt: skip
            self.meter.add(Usage(1, reply.prompt_tokens, reply.completion_tokens), self.price)
        return reply

    def counted(self, request: ChatRequest, reply: ChatReply) -> ChatReply:
        """The reply with its tokens, by estimate where the endpoint does not say: what is not counted looks free."""
        if reply.prompt_tokens or reply.completion_tokens or not reply.text:
            return reply
        written = request.model_copy(update={"messages": (ChatMessage(role="assistant", content=reply.text),)})
        tokens = {"prompt_tokens": self.count(request), "completion_tokens": self.count(written)}
        return reply.model_copy(update=tokens)
