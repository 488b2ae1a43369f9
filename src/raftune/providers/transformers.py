"""Answers with a folder of safetensors by torch: many requests together, documents that they share read once."""

import asyncio
import threading
from contextlib import aclosing
from pathlib import Path

from raftune.contracts import ChatReply, ChatRequest
from raftune.errors import ConfigError, ProviderError
from raftune.generating.engine import SLOTS
from raftune.generating.opening import open_tuned
from raftune.generating.request import Generation, Generator, Piece, Sampling

CONTEXT = 4096


class Transformers:
    """A model folder with a PEFT adapter folder on it if given; opened by the first request, freed by `close`.

    `context`: tokens of prompt and reply. `slots`: replies made together, at most. `threads`: 0 for all cores.
    """

    def __init__(
        self, folder: Path, adapter: Path | None = None, *, context: int = CONTEXT, slots: int = SLOTS, threads: int = 0
    ) -> None:
        self.folder, self.adapter = folder, adapter
        self.context, self.slots, self.threads = context, slots, threads
        self.tokens_read = self.tokens_reused = 0
        self._opened: tuple[Generator, str] | None = None
        self._lock = threading.Lock()

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply; greedy at temperature 0, else drawn from the request's seed.

        Raises BadReply if the prompt is too long, ProviderError for a schema that cannot be followed.
        """
        generator, adapter = await asyncio.to_thread(self.opened)
        sampling = Sampling(request.max_tokens, request.temperature, seed=request.seed, schema=request.reply_schema)
        pieces: list[Piece] = []
        try:
            async with aclosing(generator.generate(Generation(request.messages, sampling, adapter))) as made:
                pieces = [piece async for piece in made]
        except ConfigError as error:
            raise ProviderError(error.message, error.advice) from error
        last = pieces[-1]
        self.tokens_read += last.prompt_tokens - last.cached_tokens
        self.tokens_reused += last.cached_tokens
        return ChatReply(
            text="".join(piece.text for piece in pieces),
            finish_reason=last.finish_reason or "stop",
            prompt_tokens=last.prompt_tokens,
            completion_tokens=last.completion_tokens,
        )

    def opened(self) -> tuple[Generator, str]:
        """The model and the name of its adapter; opened if it is not."""
        with self._lock:
            if self._opened is None:
                settings = {"context": self.context, "slots": self.slots, "threads": self.threads}
                self._opened = open_tuned(self.folder, self.adapter, **settings)
            return self._opened

    def close(self) -> None:
        """Frees the model; a later request opens it again."""
        with self._lock:
            if self._opened is not None:
                self._opened[0].close()
            self._opened = None


plug = Transformers
