"""Examples -> rows of token ids, where only the answer and the mark that ends it are learned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from raftune.errors import TrainingError
from raftune.models.chat import full_text, prompt_text, token_ids
from raftune.prompts.raft import RaftPrompt
from raftune.records import Example

SHOWN = 5


@dataclass(frozen=True)
class Row:
    """One example as token ids; those from index `start` on are the labels, never none and never all.

    `draw` counts from 0 how often the documents of its question were drawn before.
    """

    example: str
    document_set: str
    tokens: tuple[int, ...]
    start: int
    draw: int = 0

    @property
    def labels(self) -> int:
        """How many tokens are learned."""
        return len(self.tokens) - self.start


def row_of(example: Example, tokenizer: Any, prompt: RaftPrompt) -> Row:
    """An example's row: labels are what the full text has after the longest common prefix with the prompt."""
    messages = prompt.of_example(example)
    asked = token_ids(tokenizer, prompt_text(tokenizer, messages))
    whole = token_ids(tokenizer, full_text(tokenizer, messages, prompt.target(example)))
    start = common_length([asked, whole])
    end = tokenizer.eos_token_id
    if end in whole[start:]:
        # Chat templates put a line feed behind the end mark; the model has stopped before it.
        whole = whole[: len(whole) - whole[::-1].index(end)]
    return Row(example.id, example.document_set, tuple(whole), start, example.draw)


def rows_of(examples: Iterable[Example], tokenizer: Any, prompt: RaftPrompt, context: int) -> list[Row]:
    """The rows of all examples, in order. Raises TrainingError naming those that cannot be learned whole."""
    rows = [row_of(example, tokenizer, prompt) for example in examples]
    refuse(
        [row for row in rows if not 0 < row.start < len(row.tokens)],
        "have no answer to learn",
        "Reject them in review.",
    )
    long = [row for row in rows if len(row.tokens) > context]
    refuse(
        long,
        f"are longer than the {context} tokens the student reads",
        "Show fewer or shorter documents.",
    )
    return rows


def refuse(rows: Sequence[Row], what: str, advice: str) -> None:
    """Raises TrainingError that names `rows`, if there are any."""
    if rows:
        names = ", ".join(row.example for row in rows[:SHOWN]) + (", ..." if len(rows) > SHOWN else "")
        raise TrainingError(f"{len(rows)} examples {what}: {names}.", advice)


def document_sets(rows: Iterable[Row]) -> list[tuple[Row, ...]]:
    """The rows by document set, sets in order of first appearance."""
    sets: dict[str, list[Row]] = {}
    for row in rows:
        sets.setdefault(row.document_set, []).append(row)
    return [tuple(group) for group in sets.values()]


def rows_of_epochs(rows: Sequence[Row], epochs: int) -> list[list[Row]]:
    """The rows that each epoch reads: those of one draw, in turn."""
    draws = sorted({row.draw for row in rows}) or [0]
    by_draw = {draw: [row for row in rows if row.draw == draw] for draw in draws}
    return [by_draw[draws[epoch % len(draws)]] for epoch in range(epochs)]


def shared_tokens(rows: Sequence[Row]) -> int:
    """How many tokens all rows begin with; the one that predicts a row's first label is left to the row."""
    return min(common_length([row.tokens for row in rows]), min(row.start for row in rows) - 1)


def common_length(sequences: list[tuple[int, ...]] | list[list[int]]) -> int:
    """How many elements all sequences begin with."""
    first, last = min(sequences), max(sequences)  # whatever lies between two in order shares what they share
    different = (index for index, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return next(different, min(len(first), len(last)))
