"""Many texts from one model at once, on its own thread: new requests join and finished ones leave at any step."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

from raftune.contracts import ChatMessage
from raftune.errors import BadReply, ConfigError, ProviderError, RaftuneError
from raftune.generating.choosing import Choice, Grammars
from raftune.generating.decoder import Decoder
from raftune.generating.request import Generation, Piece
from raftune.generating.running import Running
from raftune.generating.spelling import Spelling
from raftune.models.chat import prompt_text, token_ids
from raftune.models.weights import ending_ids, load_tokenizer

SLOTS = 32
# What a step can raise, a lack of memory among it: its requests hear of it, the thread outlives them.
FAULTS = (RuntimeError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, MemoryError, RaftuneError)


class Engine:
    """A folder of safetensors on this machine. See `Generator` for its methods.

    `context`: tokens of prompt and text, at most what the model takes. `slots`: texts made together; others wait.
    `threads` of the processor, 0 for all. `weights`: a folder with other weights than the model's own, from training
    all of them. Raises ConfigError for a model whose attention texts cannot share.
    """

    def __init__(
        self, folder: Path, *, context: int, threads: int = 0, slots: int = SLOTS, weights: Path | None = None
    ) -> None:
        self.tokenizer = load_tokenizer(folder)
        self.decoder = Decoder(folder, weights, slots, context)
        self.context = self.decoder.context
        self.threads = threads
        self.ends = ending_ids(self.decoder.model, self.tokenizer)
        self.grammars = Grammars(self.tokenizer, self.decoder.vocabulary, self.ends)
        self.closed = False
        self._changed = threading.Condition()
        self._arrived: list[Running] = []
        self._thread = threading.Thread(target=self._work, name="raftune-engine", daemon=True)
        self._thread.start()

    async def generate(self, generation: Generation) -> AsyncGenerator[Piece]:
        """The pieces of a text; see `Generator.generate`."""
        told: asyncio.Queue[Piece | Exception] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def tell(piece: Piece | Exception) -> None:
            with contextlib.suppress(RuntimeError):  # the loop ended with the request in flight
                loop.call_soon_threadsafe(told.put_nowait, piece)

        text = await asyncio.to_thread(self.prepared, generation, tell)
        with self._changed:
            if self.closed:
                raise ProviderError("The model was closed.", "Start the service again.")
            self._arrived.append(text)
            self._changed.notify()
        try:
            while True:
                piece = await told.get()
                if isinstance(piece, Exception):
                    raise piece
                yield piece
                if piece.finish_reason is not None:
                    return
        finally:
            text.cancelled = True

    def prepared(self, generation: Generation, tell: Any) -> Running:
        """The request as tokens. Raises BadReply or ConfigError as `generate`."""
        tokens = self.tokens_of(generation.messages)
        if len(tokens) >= self.context:
            raise BadReply(
                f"The prompt has {len(tokens)} tokens, the model reads {self.context} with its reply.",
                "Show shorter documents, or raise the context.",
                "prompt too long",
            )
        invocation = self.decoder.invocation_of(generation.adapter)
        sampling = generation.sampling
        grammar = None if sampling.schema is None else self.grammars.of_schema(sampling.schema)
        begins = last_place(tokens, invocation) if invocation else 0
        return Running(generation, tokens, Choice(sampling, grammar), Spelling(self.spell, sampling.stop), tell, begins)

    def tokens_of(self, messages: Sequence[ChatMessage]) -> list[int]:
        """The ids of a conversation, the opening of its answer included."""
        pairs = [(message.role, message.content) for message in messages]
        return token_ids(self.tokenizer, prompt_text(self.tokenizer, pairs))

    def spell(self, tokens: Sequence[int]) -> str:
        """The text of tokens, without those that are marks."""
        return str(self.tokenizer.decode(list(tokens), skip_special_tokens=True))

    def prompt_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """How many tokens a conversation has."""
        return len(self.tokens_of(messages))

    def open_adapter(self, name: str, folder: Path) -> None:
        """Opens the adapter in a folder under a name. Raises ConfigError if it does not belong to the model."""
        self.decoder.adapters.open(name, folder)

    def close_adapter(self, name: str) -> None:
        """Forgets an adapter, once the texts in flight are done with it."""
        self.decoder.closing.add(name)

    def close(self) -> None:
        """Frees the model; requests in flight raise ProviderError."""
        with self._changed:
            self.closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        """Steps while there is something to do, until it is closed."""
        import torch

        if self.threads:
            torch.set_num_threads(self.threads)
        while True:
            with self._changed:
                while not (self.closed or self._arrived or self.decoder.busy):
                    self._changed.wait()
                arrived, self._arrived = self._arrived, []
                closed = self.closed
            self.decoder.waiting.extend(arrived)
            if closed:
                self.decoder.fail(ProviderError("The model was closed.", "Start the service again."))
                return
            try:
                self.decoder.step(self.ends, self.spell)
            except FAULTS as error:
                self.decoder.fail(failed(error))


def failed(error: Exception) -> ProviderError:
    """What requests are told of an error in a step."""
    found = ProviderError(f"The model failed ({type(error).__name__}: {error}).", "Try again; if it stays, report it.")
    found.__cause__ = error
    return found


def last_place(tokens: Sequence[int], wanted: tuple[int, ...]) -> int:
    """Where the last of the wanted runs of tokens begins. Raises ConfigError where there is none."""
    width = len(wanted)
    for start in range(len(tokens) - width, -1, -1):
        if tuple(tokens[start : start + width]) == wanted:
            return start
    raise ConfigError("The conversation does not end as the adapter expects.", "Let the last message be the user's.")
