"""A generator that says what a test tells it to, a piece at a time, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from raftune.contracts import ChatMessage
from raftune.errors import ConfigError
from raftune.generating.request import Generation, Piece, Token


@dataclass
class Scripted:
    """Replies with `text`, word by word; `gate` holds the words back while it is unset."""

    text: str = "The harbour has 73 ports."
    context: int = 256
    delay: float = 0.0
    reply: Callable[[Generation], str] | None = None
    failure: Exception | None = None
    fails_after: int = 0
    asked: list[Generation] = field(default_factory=list)
    left: list[Generation] = field(default_factory=list)
    ended: list[Generation] = field(default_factory=list)
    adapters: dict[str, Path] = field(default_factory=dict)
    running: int = 0
    most: int = 0

    async def generate(self, generation: Generation) -> AsyncIterator[Piece]:
        self.asked.append(generation)
        self.running += 1
        self.most = max(self.most, self.running)
        whole = False
        try:
            async for piece in self.pieces(generation):
                yield piece
            whole = True
        finally:
            self.running -= 1
            (self.ended if whole else self.left).append(generation)

    async def pieces(self, generation: Generation) -> AsyncIterator[Piece]:
        if generation.adapter and generation.adapter not in self.adapters:
            raise ConfigError("There is no such adapter.", "Open it.")
        sampling = generation.sampling
        words = (self.reply(generation) if self.reply else self.text).split(" ")
        words = [words[0], *(f" {word}" for word in words[1:])]
        prompt = self.prompt_tokens(generation.messages)
        for number, word in enumerate(words, 1):
            if self.failure is not None and number > self.fails_after:
                raise self.failure
            await asyncio.sleep(self.delay)
            cut = number >= sampling.max_tokens and number < len(words)
            reason = "length" if cut else ("stop" if number == len(words) else None)
            told = () if sampling.alternatives is None else (token(word, sampling.alternatives),)
            yield Piece(word, told, reason, prompt, number, prompt // 2)
            if reason:
                return

    def prompt_tokens(self, messages: Sequence[ChatMessage]) -> int:
        return sum(len(message.content.split()) + 2 for message in messages)

    def open_adapter(self, name: str, folder: Path) -> None:
        self.adapters[name] = folder

    def close_adapter(self, name: str) -> None:
        del self.adapters[name]

    def close(self) -> None:
        self.adapters.clear()


def token(word: str, alternatives: int) -> Token:
    """A token with likely others beside it; one of them cannot be."""
    return Token(word, -0.5, ((word, -0.5), ("never", float("-inf")), ("other", -2.0))[:alternatives])
