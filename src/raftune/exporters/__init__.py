"""File formats for training sets elsewhere: one file a format. Here is what they share."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from raftune.digest import Json
from raftune.prompts.raft import RaftPrompt
from raftune.records import Example

Row = dict[str, Json]

MESSAGES = ("prompt", "completion")
LISTS = ("documents", "tiers", "quotes", "flags")
NUMBERS = ("oracle", "draw")
COLUMNS = (
    "id", "prompt", "completion", "question", "documents", "tiers", "oracle", "quotes", "reasoning", "final",
    "reference", "behaviour", "kind", "language", "flags", "source", "group", "document_set", "draw",
)  # fmt: skip
"""The columns of `with_facts`; what is not in one of the lists above is text."""


@dataclass(frozen=True)
class Lines:
    """A format of one JSON object a line; `make` gives an example's row. See `contracts.Exporter`."""

    make: Callable[[Example, RaftPrompt], Row]
    trainers: tuple[str, ...]
    hosted: bool = False
    folder: str = ""
    columns: tuple[str, ...] = ()
    extension: str = ".jsonl"

    def row(self, example: Example, prompt: RaftPrompt) -> Row:
        """An example's row."""
        return self.make(example, prompt)

    @contextmanager
    def writing(self, file: BinaryIO) -> Iterator[Callable[[Row], object]]:
        """A function that appends a row as a line."""
        yield lambda row: file.write((json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n").encode())


def asked(example: Example, prompt: RaftPrompt) -> list[Row]:
    """The messages before the answer."""
    return [{"role": role, "content": text} for role, text in prompt.of_example(example)]


def replied(example: Example, prompt: RaftPrompt) -> Row:
    """The message that is to be learned."""
    return {"role": "assistant", "content": prompt.target(example)}


def with_facts(example: Example, prompt: RaftPrompt) -> Row:
    """Prompt and completion as messages, and all that is known about the example, for tables with named columns."""
    return {
        "id": example.id,
        "prompt": asked(example, prompt),
        "completion": [replied(example, prompt)],
        "question": example.text,
        "documents": [document.text for document in example.documents],
        "tiers": [document.tier for document in example.documents],
        "oracle": example.oracle,
        "quotes": [quote.text for quote in example.quotes],
        "reasoning": example.reasoning,
        "final": example.final,
        "reference": example.reference,
        "behaviour": example.behaviour,
        "kind": example.kind,
        "language": example.language,
        "flags": list(example.flags),
        "source": example.source,
        "group": example.group,
        "document_set": example.document_set,
        "draw": example.draw,
    }
