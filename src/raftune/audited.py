"""What checks of training sets are shown, and what they find."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from raftune.records import Language

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What checks are told: the oracle share P the set should have, if it is stated, and how many examples to keep."""

    oracle_share: float | None = None
    examples: int = 3


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A row of a training set made anywhere, as checks see it.

    `shown` says whether the oracle is among the documents, None where the form does not tell. `place` is its index
    there; where the form does not tell, that of the one document which holds all quotes. `target` is what is to be
    learned, taken apart into reasoning, quotes and final answer (None without the answer mark).
    """

    file: str
    line: int
    split: str
    form: str
    question: str
    documents: tuple[str, ...]
    target: str
    reasoning: str
    quotes: tuple[str, ...]
    final: str | None
    language: Language
    shown: bool | None = None
    place: int | None = None
    oracle: str = ""
    number: str = ""
    group: str = ""
    draw: int = 0
    call: bool = False


@dataclass(frozen=True, slots=True)
class RowTrace:
    """What is kept of a row to judge the whole set: texts of documents only as numbers that tell them apart.

    `problem` says why the row could not be read, `phrases` are runs of the answer's own words, and `twin` is an earlier
    row of the split `twin_split` that asks nearly the same.
    """

    file: str
    line: int
    split: str
    form: str = ""
    number: str = ""
    question: str = ""
    documents: tuple[int, ...] = ()
    content: int = 0
    oracle: int | None = None
    place: int | None = None
    shown: bool | None = None
    group: str = ""
    draw: int = 0
    phrases: tuple[str, ...] = ()
    problem: str = ""
    twin: str = ""
    twin_split: str = ""


class Finding(NamedTuple):
    """A fault, and the line of the file where it is (0: the set as a whole)."""

    file: str
    line: int
    text: str
