"""How long replies will be: as long as earlier ones of the same model were, measured by the room they had."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from raftune.contracts import ChatRequest
from raftune.ledger import Ledger
from raftune.tokenizing import request_tokens

ENOUGH = 10
MOST = 200
USUAL = 0.35
"""The share of `max_tokens` that a capable teacher fills: the room is about twice what English takes, for Korean."""


@dataclass(frozen=True)
class Habit:
    """`filled`: the share of its room that a reply takes; `scale`: tokens read for each one that was counted.

    `known`: by how many earlier replies; 0 where it is a rule of thumb.
    """

    filled: float = USUAL
    scale: float = 1.0
    known: int = 0

    def completion(self, requests: Iterable[ChatRequest]) -> float:
        """The tokens of the replies to some requests."""
        return self.filled * sum(request.max_tokens for request in requests)

    @property
    def words(self) -> str:
        """What the estimate goes by."""
        return f"by {self.known} earlier replies" if self.known else "by rule of thumb"


def habit_of(ledger: Ledger | None, stage: str, model: str, count: Callable[[str], int]) -> Habit:
    """What is known of a model's replies in a stage."""
    if ledger is None:
        return Habit()
    room = written = counted = read = seen = 0
    for action in ledger.actions(kind="chat", stage=stage, model=model, newest=MOST):
        if not action.prompt_tokens or not action.completion_tokens or not action.request["messages"]:
            continue  # of replies that a batch brought for nobody, only the key is noted
        request = ChatRequest.model_validate(action.request)
        seen += 1
        room, written = room + request.max_tokens, written + action.completion_tokens
        counted, read = counted + request_tokens(request, count), read + action.prompt_tokens
    return Habit(written / room, read / counted, seen) if seen >= ENOUGH else Habit()
