"""Replies as they are written: whole, by a model that is asked for them, or in pieces, by one that is open here."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol, cast

from raftune.answering import Answerer, Asked, GroundedReply, ReaderText, Withheld, ground
from raftune.contracts import ChatMessage, ChatModel, ChatRequest
from raftune.generating.request import Generation, Generator, Sampling


class Writer(Protocol):
    """A student that replies to a conversation."""

    def write(self, messages: Sequence[ChatMessage], max_tokens: int) -> AsyncIterator[str]:
        """The text of the reply, piece by piece; leaving the loop cancels the rest. Raises ProviderError."""


@dataclass(frozen=True)
class Whole:
    """A chat model: its reply comes in one piece."""

    student: ChatModel
    model: str
    seed: int

    async def write(self, messages: Sequence[ChatMessage], max_tokens: int) -> AsyncIterator[str]:
        """The reply. Raises ProviderError."""
        request = ChatRequest(model=self.model, messages=tuple(messages), max_tokens=max_tokens, seed=self.seed)
        yield (await self.student.complete(request)).text


@dataclass(frozen=True)
class InPieces:
    """A generator, with an adapter ("" for none): its reply comes as it is made, by the likeliest tokens."""

    generator: Generator
    adapter: str
    seed: int

    async def write(self, messages: Sequence[ChatMessage], max_tokens: int) -> AsyncIterator[str]:
        """The pieces of the reply. Raises ProviderError."""
        generation = Generation(tuple(messages), Sampling(max_tokens, seed=self.seed), self.adapter)
        async with aclosing(cast("Any", self.generator.generate(generation))) as pieces:
            async for piece in pieces:
                yield piece.text


@dataclass(frozen=True)
class Consultation:
    """What answers questions from passages, each by itself: earlier ones are neither searched with nor shown."""

    answerer: Answerer
    writer: Writer

    async def reply(self, question: str, tell: Callable[[str], object]) -> tuple[Asked, GroundedReply]:
        """What the student was asked, and its checked reply; `tell` is given the answer as it comes, without marks.

        It is kept back while it may turn out to be that there is none: then `tell` is given the polite sentence.
        Raises ProviderError when the student or an embedder cannot be asked, StoreError for damaged passages.
        """
        asked = await self.answerer.prepare(question)
        whole, text, withheld = "", ReaderText(), Withheld(self.answerer.prompt)
        if asked.shown:
            async with aclosing(cast("Any", self.writer.write(asked.messages, self.answerer.max_tokens))) as pieces:
                async for piece in pieces:
                    whole += piece
                    tell(withheld.feed(text.feed(piece).answer))
        tell(withheld.feed(text.end().answer))
        reply = ground(whole, asked.shown, asked.language, self.answerer.prompt)
        if not withheld.free:
            tell(reply.said)
        return asked, reply
