"""The texts at work on one model, step by step: who joins, what is read, which tokens follow."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from raftune.errors import ConfigError
from raftune.generating.adapters import attach
from raftune.generating.attention import run
from raftune.generating.copying import FIRST, guess, next_length
from raftune.generating.running import Running, told_token
from raftune.generating.segments import Segment, Segments
from raftune.generating.slots import Slots
from raftune.generating.steps import Step, step_of
from raftune.generating.trial import fitted
from raftune.models.weights import load_model

KEPT_BYTES = 2 << 30
PIECE = 512
OWN = 256
FEW = 4


class Decoder:
    """A model with its adapters, the segments it keeps, and the texts that it makes: `waiting` and `active` ones."""

    def __init__(self, folder: Path, weights: Path | None, slots: int, context: int) -> None:
        self.model = load_model(folder, weights)
        self.most, self.context = slots, min(context, positions(self.model))
        self.shape = fitted(self.model, self.context)
        self.adapters = attach(self.model)
        self.closing: set[str] = set()
        self.waiting: list[Running] = []
        self.active: list[Running] = []
        self.slots = Slots(self.shape)
        self.segments = Segments(KEPT_BYTES)

    @property
    def vocabulary(self) -> int:
        """How many logits it gives."""
        return int(self.model.config.get_text_config().vocab_size)

    @property
    def busy(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.waiting or self.active)

    def invocation_of(self, adapter: str) -> tuple[int, ...]:
        """The tokens from which on an adapter works; none: all. Raises ConfigError where it is not open."""
        if not adapter:
            return ()
        if adapter not in self.adapters.opened or adapter in self.closing:
            raise ConfigError(f"There is no adapter {adapter!r}.", "Open it first.")
        return self.adapters.opened[adapter].invocation

    def step(self, ends: set[int], decode: Callable[[Sequence[int]], str]) -> None:
        """Lets texts join, makes a token for each that can have one, and lets those leave that have ended."""
        import torch

        with torch.inference_mode():
            self.drop()
            self.admit()
            if self.active:
                self.make(step_of(self.active, self.slots, PIECE, self.guesses()), ends, decode)
            self.drop()

    def guesses(self) -> dict[int, list[int]]:
        """By slot the tokens that may follow next, where few texts are made: of many, a step is busy anyway."""
        if len(self.active) > FEW:
            return {}
        greedy = (text for text in self.active if text.decoding and text.choice.plain)
        return {text.slot: guess(text.tokens, min(text.guessing, text.room(self.context))) for text in greedy}

    def make(self, step: Step, ends: set[int], decode: Callable[[Sequence[int]], str]) -> None:
        """Computes a step and gives each text its tokens: one, and those that were guessed rightly."""
        logits = self.logits(step)
        for text, count in step.advanced:
            self.advance(text, count)
        likeliest = logits.argmax(-1).tolist()
        failed: set[int] = set()
        for wanted, scores, best in zip(step.wanted, logits, likeliest, strict=True):
            text = wanted.text
            if text.slot in failed:
                continue
            token = self.add(text, scores, best, ends, decode)
            if wanted.guessed is None:
                text.guessing = next_length(text.guessing)
            elif token == wanted.guessed and not text.ended:
                self.advance(text, 1)
            else:
                failed.add(text.slot)
                text.guessing = FIRST

    def add(self, text: Running, scores: Any, best: int, ends: set[int], decode: Callable[[Sequence[int]], str]) -> int:
        """Gives a text its next token by the scores (vocabulary), of which `best` is the likeliest."""
        beside = text.generation.sampling.alternatives
        whole = scores.clone() if beside is not None else scores
        token = best if text.choice.plain else text.choice.choose(scores)
        told = None if beside is None else told_token(decode, whole, token, beside)
        text.add(token, ends, self.context, told)
        return token

    def logits(self, step: Step) -> Any:
        """(wanted, vocabulary): the logits of a step."""
        import torch

        rows = torch.tensor([wanted.row for wanted in step.wanted], dtype=torch.long)
        self.adapters.rows = step.rows
        return run(self.model, step.tokens, step.positions, step.reading, rows)

    def advance(self, text: Running, count: int) -> None:
        """Notes that `count` tokens of a text were read."""
        text.read += count
        if not text.filling:
            text.own += count
            return
        segment = text.segment
        if segment is not None:
            segment.filled = text.shared = text.read
            text.filling = text.read < len(segment.tokens)

    def admit(self) -> None:
        """Gives slots to texts that wait, in their order; one whose first tokens are being read waits for them."""
        for text in list(self.waiting):
            if len(self.active) >= self.most:
                return
            if self.placed(text):
                self.waiting.remove(text)
                text.slot = len(self.active)
                self.active.append(text)

    def placed(self, text: Running) -> bool:
        """Finds or makes the segment that a text reads; False where it has to wait for it."""
        most = text.begins or text.prompt - 1
        segment, length = self.segments.match(text.tokens[:most], text.keeper)
        if segment is not None and length > segment.filled:
            return False
        rest = (text.begins or text.prompt) - length
        text.cached = text.read = text.shared = length
        if rest > OWN:
            self.fill(text, segment, length)
        elif segment is not None:
            text.segment = segment
            self.segments.use(segment)
        return True

    def fill(self, text: Running, known: Segment | None, length: int) -> None:
        """A new segment for a text's prompt, with the first `length` tokens of a known one."""
        tokens = np.asarray(text.tokens[: text.begins or text.prompt], np.int32)
        keys, values = self.shape.segment(len(tokens))
        if known is not None:
            keys[:, :, :length], values[:, :, :length] = known.keys[:, :, :length], known.values[:, :, :length]
        text.segment = Segment(tokens, text.keeper, keys, values, length)
        text.filling = True
        self.segments.add(text.segment)
        self.segments.use(text.segment)

    def drop(self) -> None:
        """Lets texts leave that have ended or are not wanted any more; the last one takes a freed slot."""
        self.waiting = [text for text in self.waiting if not text.cancelled]
        for text in [text for text in self.active if text.ended or text.cancelled]:
            if text.segment is not None:
                self.segments.leave(text.segment, whole=not text.filling)
            last = self.active.pop()
            if last is not text:
                self.slots.move(last.slot, text.slot, last.own)
                self.active[text.slot], last.slot = last, text.slot
        used = {text.generation.adapter for text in (*self.active, *self.waiting)}
        for name in self.closing - used:
            self.adapters.opened.pop(name, None)
            self.segments.forget(name)
            self.closing.discard(name)

    def fail(self, error: Exception) -> None:
        """Ends all texts with an error; what was read is dropped with them, since it may not be whole."""
        for text in (*self.waiting, *self.active):
            text.tell(error)
        self.waiting, self.active = [], []
        self.segments = Segments(KEPT_BYTES)


def positions(model: Any) -> int:
    """How many tokens a model takes."""
    return int(model.config.get_text_config().max_position_embeddings)
