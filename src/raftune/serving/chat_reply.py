"""The form of answers of /v1/chat/completions: one object, or chunks of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from raftune.generating.request import Token
from raftune.serving.measures import counts_of
from raftune.serving.said import Said

LEAST = -9999.0  # what the API says for the logarithm of nothing


@dataclass(frozen=True)
class Head:
    """What all parts of an answer repeat."""

    id: str
    created: int
    model: str
    fingerprint: str

    def chunk(self, choices: Sequence[dict[str, Any]], **more: Any) -> dict[str, Any]:
        """A chunk of a streamed answer."""
        return self.of("chat.completion.chunk", choices=list(choices), **more)

    def of(self, kind: str, **more: Any) -> dict[str, Any]:
        """An object of the answer."""
        row = {"id": self.id, "object": kind, "created": self.created, "model": self.model}
        return {**row, "system_fingerprint": self.fingerprint, **more}


@dataclass
class Choice:
    """What one choice has said so far."""

    content: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    last: Said = field(default_factory=Said)

    def add(self, said: Said) -> None:
        """Takes what it says next."""
        self.content.append(said.content)
        self.reasoning.append(said.reasoning)
        self.tokens += said.tokens
        self.last = said

    def row(self, index: int, *, logprobs: bool) -> dict[str, Any]:
        """The choice in an answer that is not streamed."""
        message: dict[str, Any] = {"role": "assistant", "content": "".join(self.content), "refusal": None}
        if reasoning := "".join(self.reasoning):
            message["reasoning_content"] = reasoning
        message["annotations"] = list(self.last.annotations)
        told = likelihoods(self.tokens) if logprobs else None
        return {"index": index, "message": message, "logprobs": told, "finish_reason": self.last.finish_reason}


def delta(index: int, said: Said, *, first: bool, logprobs: bool) -> dict[str, Any]:
    """What a choice says next, in a chunk; the first names its role."""
    change: dict[str, Any] = {"role": "assistant", "content": ""} if first else {}
    if said.content:
        change["content"] = said.content
    if said.reasoning:
        change["reasoning_content"] = said.reasoning
    if said.annotations:
        change["annotations"] = list(said.annotations)
    told = likelihoods(said.tokens) if logprobs else None
    return {"index": index, "delta": change, "logprobs": told, "finish_reason": said.finish_reason}


def likelihoods(tokens: Iterable[Token]) -> dict[str, Any]:
    """Tokens with the logarithms of their probabilities."""
    return {
        "content": [
            {
                **likelihood(token.text, token.log_probability),
                "top_logprobs": [likelihood(*one) for one in token.likeliest],
            }
            for token in tokens
        ],
        "refusal": None,
    }


def likelihood(text: str, log_probability: float) -> dict[str, Any]:
    """One token."""
    return {"token": text, "logprob": max(log_probability, LEAST), "bytes": list(text.encode())}


def usage(last: Sequence[Said]) -> dict[str, Any]:
    """What an answer took, from the last that each choice said."""
    counts = counts_of(list(last))
    read, written = counts["prompt_tokens"], counts["completion_tokens"]
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {"cached_tokens": counts["cached_tokens"]},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }
