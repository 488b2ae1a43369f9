"""What a generator is asked and what it gives back, piece by piece."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from raftune.contracts import ChatMessage
from raftune.digest import Json


@dataclass(frozen=True)
class Sampling:
    """How tokens are chosen: greedily at temperature 0, else drawn by `seed` from the likeliest of mass `top_p`.

    The text ends before the first of `stop`. `alternatives` is how many likely tokens are told beside each chosen one,
    None for none of it. `schema` is a JSON schema that the text has to follow.
    """

    max_tokens: int
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    alternatives: int | None = None
    schema: Mapping[str, Json] | None = None


@dataclass(frozen=True)
class Generation:
    """A request: a conversation to be continued by the model with an adapter, or without one ("")."""

    messages: tuple[ChatMessage, ...]
    sampling: Sampling
    adapter: str = ""


@dataclass(frozen=True)
class Token:
    """A chosen token: its text, the natural logarithm of its probability, and the likeliest tokens with theirs."""

    text: str
    log_probability: float
    likeliest: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Piece:
    """The next characters of a text, whole ones; the last piece has a `finish_reason`: "stop" or "length".

    Counts are those so far. `cached_tokens` of the prompt were read for an earlier request.
    """

    text: str
    tokens: tuple[Token, ...] = ()
    finish_reason: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0


class Generator(Protocol):
    """A model that is open, with any number of adapters."""

    context: int
    """Tokens of prompt and text together, at most."""

    def generate(self, generation: Generation) -> AsyncGenerator[Piece]:
        """The pieces of a text as they are made; leaving the loop cancels the rest.

        Raises BadReply for a prompt that does not fit, ConfigError for an adapter that is not open or a schema that
        cannot be followed, ProviderError if the model fails.
        """

    def prompt_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """How many tokens a conversation has, the opening of its answer included."""

    def open_adapter(self, name: str, folder: Path) -> None:
        """Opens the adapter in a folder under a name. Raises ConfigError if it does not belong to the model."""

    def close_adapter(self, name: str) -> None:
        """Forgets an adapter; requests in flight end with it."""

    def close(self) -> None:
        """Frees the model; requests in flight raise ProviderError."""
