"""A text that is being made: what was read of its prompt, where that lies, and what came out so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from raftune.generating.choosing import Choice
from raftune.generating.copying import FIRST
from raftune.generating.request import Generation, Piece, Token
from raftune.generating.segments import Segment
from raftune.generating.spelling import Spelling


@dataclass(eq=False)
class Running:
    """One request at work. `tokens` are those of the prompt, then those made; the first `read` of them were read.

    Of these the first `shared` lie in `segment`, the next `own` in slot `slot`. Where it is `filling`, it reads into
    the segment itself, up to its end. The adapter works from token `begins` on; before it the plain model does. The
    next `guessing` tokens may be guessed.
    """

    generation: Generation
    tokens: list[int]
    choice: Choice
    spelling: Spelling
    tell: Callable[[Piece | Exception], None]
    begins: int = 0
    prompt: int = field(init=False)
    read: int = 0
    segment: Segment | None = None
    shared: int = 0
    filling: bool = False
    own: int = 0
    slot: int = -1
    guessing: int = FIRST
    cached: int = 0
    cancelled: bool = False
    ended: bool = False
    _untold: list[Token] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.prompt = len(self.tokens)

    @property
    def decoding(self) -> bool:
        """Whether its prompt was read, so that each step makes a token."""
        return self.read >= self.prompt

    @property
    def goal(self) -> int:
        """Where the piece of the prompt ends that can be read in one go."""
        return len(self.segment.tokens) if self.filling and self.segment is not None else self.prompt

    @property
    def keeper(self) -> str:
        """The adapter whose keys and values its first tokens have: "" is the plain model."""
        return "" if self.begins else self.generation.adapter

    def add(self, token: int, ends: Sequence[int] | set[int], context: int, told: Token | None) -> None:
        """Takes the next token and tells what it spells; `ended` is set behind the last one."""
        sampling = self.generation.sampling
        if token in ends:
            self.end("stop", self.spelling.end())
            return
        self.tokens.append(token)
        if told is not None:
            self._untold.append(told)
        text = self.spelling.add(token)
        grammar = self.choice.grammar
        if self.spelling.stopped:
            self.end("stop", text)
        elif grammar is not None and grammar.is_stopped():
            self.end("stop", text + self.spelling.end())
        elif self.made >= sampling.max_tokens or len(self.tokens) >= context:
            self.end("length", text + self.spelling.end())
        elif text:
            self.tell(self.piece(text))

    @property
    def made(self) -> int:
        """How many tokens were made."""
        return len(self.tokens) - self.prompt

    def room(self, context: int) -> int:
        """How many more tokens may be made after the next one."""
        return min(self.generation.sampling.max_tokens - self.made, context - len(self.tokens)) - 1

    def end(self, reason: str, text: str) -> None:
        """Tells the last piece."""
        self.ended = True
        self.tell(self.piece(text, "stop" if self.spelling.stopped else reason))

    def piece(self, text: str, reason: str | None = None) -> Piece:
        """A piece with what was not told yet of its tokens."""
        tokens, self._untold = tuple(self._untold), []
        return Piece(text, tokens, reason, self.prompt, self.made, self.cached)


def told_token(decode: Callable[[list[int]], str], scores: Any, token: int, alternatives: int) -> Token:
    """A chosen token with its probability by the model's scores (vocabulary), and the likeliest beside it."""
    logs = scores.float().log_softmax(-1)
    likeliest: list[tuple[str, float]] = []
    if alternatives:
        best = logs.topk(alternatives)
        pairs = zip(best.values.tolist(), best.indices.tolist(), strict=True)
        likeliest = [(decode([one]), value) for value, one in pairs]
    return Token(decode([token]), float(logs[token]), tuple(likeliest))
