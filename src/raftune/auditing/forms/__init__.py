"""The forms a RAFT set comes in, one file a form: how a row of it is recognised, and taken apart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from raftune.records import Language

Row = Mapping[str, Any]

DOCUMENT = re.compile(r"<DOCUMENT>(.*?)</DOCUMENT>", re.DOTALL | re.IGNORECASE)
LABEL = re.compile(r"^\s*(?:question|query|질문|문제)\s*[:：]\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Parts:
    """What a form tells of a row. `oracle` is its text; `final` and `quotes` are None where the target holds them.

    `shown` is None where the form does not say whether the oracle is among the documents.
    """

    question: str
    documents: tuple[str, ...]
    target: str
    final: str | None = None
    quotes: tuple[str, ...] | None = None
    reasoning: str | None = None
    language: Language | None = None
    shown: bool | None = None
    place: int | None = None
    oracle: str = ""
    number: str = ""
    group: str = ""
    split: str = ""
    draw: int = 0
    call: bool = False


class Form(Protocol):
    """A way to write rows."""

    name: str

    def accepts(self, row: Row) -> bool:
        """Whether a row is of this form, by its fields."""

    def read(self, row: Row) -> Parts:
        """The row's parts. Raises ValueError, KeyError, TypeError, IndexError or AttributeError if it is broken."""


def words_of(value: object) -> str:
    """A text. Raises ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError(f"a text is missing ({type(value).__name__} in its place)")  # noqa: TRY004 - a broken row, not a wrong call
    return value


def asked(prompt: str) -> tuple[tuple[str, ...], str]:
    """The documents between marks in a prompt, and the question that follows them."""
    blocks = list(DOCUMENT.finditer(prompt))
    rest = prompt[blocks[-1].end() :] if blocks else prompt
    return tuple(block[1].strip("\n") for block in blocks), LABEL.sub("", rest).strip()


def from_turns(turns: object, role: str, text: str, asking: str, answering: str) -> Parts:
    """Parts of a conversation: what the last `asking` turn before the last `answering` turn holds."""
    if not isinstance(turns, list):
        raise ValueError("the conversation is no list")  # noqa: TRY004 - a broken row, not a wrong call
    said = {turn[role]: words_of(turn[text]) for turn in turns}
    if asking not in said or answering not in said:
        raise ValueError(f"the conversation has no {answering if asking in said else asking} turn")
    documents, question = asked(said[asking])
    return Parts(question, documents, said[answering])
