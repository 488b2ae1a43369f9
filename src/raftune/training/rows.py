"""Examples and conversations -> rows of token ids, where only the answer and the mark that ends it are learned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from raftune.digest import digest
from raftune.errors import TrainingError
from raftune.models.chat import Messages, full_text, prompt_text, token_ids
from raftune.prompts.raft import QUOTE, RaftPrompt
from raftune.records import Conversation, Example

SHOWN = 5
LEAST_SHARED = 16
END_OF_DOCUMENT = "</DOCUMENT>\n"


@dataclass(frozen=True)
class Row:
    """One example as token ids; those from index `start` on are the labels, never none and never all.

    `draw` counts from 0 how often the documents of its question were drawn before. `weights` are those of the labels
    in the loss; none: each counts 1.
    """

    example: str
    document_set: str
    tokens: tuple[int, ...]
    start: int
    draw: int = 0
    weights: tuple[float, ...] = ()

    @property
    def labels(self) -> int:
        """How many tokens are learned."""
        return len(self.tokens) - self.start

    @property
    def label_weights(self) -> tuple[float, ...]:
        """What each label counts in the loss."""
        return self.weights or (1.0,) * self.labels

    @property
    def weight(self) -> float:
        """What the row counts in the loss."""
        return sum(self.label_weights)


def row_of(example: Example, tokenizer: Any, prompt: RaftPrompt, quote_weight: float = 1.0) -> Row:
    """An example's row. `quote_weight` is what the tokens of quotes count in the loss."""
    names = (example.id, example.document_set, example.draw)
    return reply_row(tokenizer, prompt.of_example(example), prompt.target(example), names, quote_weight)


def turn_rows(conversation: Conversation, tokenizer: Any, quote_weight: float = 1.0) -> list[Row]:
    """A row for each reply of a conversation that is learned; its past, other replies too, is the prompt.

    Their document set is what stands before the first question: conversations that share it read it once.
    """
    pairs = [(turn.role, turn.text) for turn in conversation.turns]
    names = (conversation.source, beginning_of(pairs), 0)
    return [
        reply_row(tokenizer, pairs[:place], turn.text, names, quote_weight)
        for place, turn in enumerate(conversation.turns)
        if turn.role == "assistant" and turn.weight
    ]


def beginning_of(messages: Messages) -> str:
    """A digest of a conversation up to the end of its documents, or of its first message where it shows none."""
    place, text = next(((place, text) for place, (role, text) in enumerate(messages) if role == "user"), (0, ""))
    documents, mark, _ = text.rpartition(END_OF_DOCUMENT)
    return digest([list(messages[:place]), documents + mark or text])


def reply_row(
    tokenizer: Any, messages: Messages, reply: str, names: tuple[str, str, int], quote_weight: float = 1.0
) -> Row:
    """The row of a reply: labels are what the full text has after the longest common prefix with the prompt.

    `names` are those of the example, its document set and its draw. `quote_weight` needs a tokenizer that knows where
    its tokens stand.
    """
    text = full_text(tokenizer, messages, reply)
    asked = token_ids(tokenizer, prompt_text(tokenizer, messages))
    whole = token_ids(tokenizer, text)
    start = common_length([asked, whole])
    end = tokenizer.eos_token_id
    if end in whole[start:]:
        # Chat templates put a line feed behind the end mark; the model has stopped before it.
        whole = whole[: len(whole) - whole[::-1].index(end)]
    weights = () if quote_weight == 1.0 else weights_of(text, tokenizer, quote_weight)[start : len(whole)]
    example, document_set, draw = names
    return Row(example, document_set, tuple(whole), start, draw, weights)


def weights_of(text: str, tokenizer: Any, quote_weight: float) -> tuple[float, ...]:
    """For each token of a text `quote_weight` where it has to do with a quote, else 1."""
    quotes = [quote.span() for quote in QUOTE.finditer(text)]
    spans = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    return tuple(
        quote_weight if any(start < last and first < end for first, last in quotes) else 1.0 for start, end in spans
    )


def rows_of(
    examples: Iterable[Example | Conversation],
    tokenizer: Any,
    prompt: RaftPrompt,
    context: int,
    quote_weight: float = 1.0,
) -> list[Row]:
    """The rows of all examples, in order. Raises TrainingError naming those that cannot be learned whole."""
    rows = [
        row
        for example in examples
        for row in (
            turn_rows(example, tokenizer, quote_weight)
            if isinstance(example, Conversation)
            else [row_of(example, tokenizer, prompt, quote_weight)]
        )
    ]
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


def shared_tokens(rows: Sequence[Row], invocation: int = 0) -> int:
    """How many tokens all rows begin with; what predicts a row's first label is left to the row: one token, or the
    `invocation` tokens from which on an activated adapter works.
    """
    return min(common_length([row.tokens for row in rows]), min(row.start for row in rows) - max(1, invocation))


def read_once(rows: Sequence[Row], *, share: bool = True, invocation: int = 0) -> int:
    """How many tokens rows of one document set read once: 0 where that is not wanted or would gain nothing."""
    shared = shared_tokens(rows, invocation) if share and len(rows) > 1 else 0
    return shared if shared >= LEAST_SHARED else 0


def tokens_and_pairs(rows: Sequence[Row], *, share: bool = True) -> tuple[int, float]:
    """What rows of one document set read: tokens, and pairs of tokens that attention compares."""
    shared = read_once(rows, share=share)
    tails = [len(row.tokens) - shared for row in rows]
    return shared + sum(tails), shared**2 / 2 + sum(tail * shared + tail**2 / 2 for tail in tails)


def common_length(sequences: list[tuple[int, ...]] | list[list[int]]) -> int:
    """How many elements all sequences begin with."""
    first, last = min(sequences), max(sequences)  # whatever lies between two in order shares what they share
    different = (index for index, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return next(different, min(len(first), len(last)))
