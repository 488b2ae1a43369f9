"""What a model says to a request, a piece at a time, as its reader is told it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from raftune.generating.request import Piece, Token


@dataclass(frozen=True)
class Said:
    """What one choice says next, for the reader of an answer; the last of a choice has a `finish_reason`.

    Counts are those of the choice so far.
    """

    content: str = ""
    reasoning: str = ""
    tokens: tuple[Token, ...] = ()
    annotations: tuple[Mapping[str, Any], ...] = ()
    finish_reason: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0


def said(piece: Piece, **parts: Any) -> Said:
    """A piece with the counts that it carries."""
    return Said(
        **{"finish_reason": piece.finish_reason, **parts},
        prompt_tokens=piece.prompt_tokens,
        completion_tokens=piece.completion_tokens,
        cached_tokens=piece.cached_tokens,
    )
