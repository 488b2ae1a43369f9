"""The nouns: one frozen, closed row type for what each stage makes.

A record's `id` is the digest of its content. A record names its parents by their ids, so an id stands
for the whole line of descent.
"""

from functools import cached_property
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict

from raftune.digest import ID_LENGTH, Json, digest
from raftune.errors import StoreError

Language = Literal["en", "ko"]
Split = Literal["train", "validation", "test"]
State = Literal["scored", "failed", "not_applicable"]
Way = Literal["native", "text", "ocr", "vision", "none"]
Kind = Literal["fact", "number", "comparison", "procedure", "condition", "table", "call"]
"""What a question asks for; "condition" covers exceptions, "call" is a call of a programming interface."""
Verdict = Literal["accept", "edit", "reject", "undo"]
Remark = Literal["flag", "unflag", "up", "down"]
"""What people note in the log of decisions without deciding about an answer."""
Tier = Literal["oracle", "document", "near", "random"]
"""Why a document is shown: it is the oracle, or a distractor of the same document, near the question, or at random."""


class Part(BaseModel):
    """A piece of a record: frozen and closed, without an id of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def changed(self, **changes: object) -> Self:
        """A copy with some fields changed. (`model_copy` would take the old id along.)"""
        return type(self).model_validate({**self.model_dump(), **changes})


class Record(Part):
    """A row of an artifact. Fields named in `remarks` are noted about it afterwards and are no part of its id."""

    remarks: ClassVar[frozenset[str]] = frozenset()

    @cached_property
    def id(self) -> str:
        """20 hexadecimal digits of the SHA-256 over the type's name and all fields but its remarks."""
        return digest([type(self).__name__, self.model_dump(mode="json", exclude=set(self.remarks))], ID_LENGTH)

    def to_row(self) -> dict[str, Json]:
        """The record as a JSON object, its id first."""
        return {"id": self.id, **self.model_dump(mode="json")}

    @classmethod
    def from_row(cls, row: dict[str, Json]) -> Self:
        """The record of a JSON object made by `to_row`; raises StoreError if the row was altered."""
        fields = dict(row)
        stored = fields.pop("id", None)
        record = cls.model_validate(fields)
        if stored != record.id:
            raise StoreError(
                f"The stored {cls.__name__} {stored} does not match its content.",
                "Delete that artifact's folder and run again.",
            )
        return record


class Source(Record):
    """A file of the corpus: path below the documents folder, SHA-256 and size in bytes.

    `fault` says in a few words why it is not to be read ("symbolic link"); then there is no SHA-256.
    """

    path: str
    sha256: str
    size: int
    fault: str = ""


class Page(Part):
    """One page as Markdown text, numbered from 1.

    `way` says how it was read: "native" from a format that holds its text as such, "text" from a PDF's text layer,
    "ocr" or "vision" from the page's image, "none" where it could not be read. `warnings` say in a few words each what
    may be amiss with it. What stands on the page but not in `text` is kept apart: `running` headers, footers and page
    numbers, and `hidden` text that nobody sees.
    """

    number: int
    text: str
    way: Way = "native"
    warnings: tuple[str, ...] = ()
    running: str = ""
    hidden: str = ""


class Document(Record):
    """One source file read, or one item of a file that holds many (`part` names it): its pages in order."""

    path: str
    part: str = ""
    sha256: str
    media_type: str
    title: str
    language: Language
    pages: tuple[Page, ...]

    @cached_property
    def text(self) -> str:
        """All pages, joined by one line feed: what chunk spans count in."""
        return "\n".join(page.text for page in self.pages)

    def pages_of(self, start: int, end: int) -> tuple[int, ...]:
        """The numbers of the pages that the characters [start, end) of `text` stand on."""
        numbers, position = [], 0
        for page in self.pages:
            page_end = position + len(page.text)
            if max(start, position) < min(end, page_end):
                numbers.append(page.number)
            position = page_end + 1
        return tuple(numbers)


class Chunk(Record):
    """Characters [start, end) of a document's text, with its pages and the headings above it.

    A chunk from the middle of a table repeats the table's header: then `header` is that header's span in the document,
    and `text` is the header, a line feed, and the characters [start, end). `masked` names the kinds of personal data
    that stand in the document where the text has masks.
    """

    remarks: ClassVar[frozenset[str]] = frozenset({"masked"})

    document: str
    path: str
    text: str
    start: int
    end: int
    pages: tuple[int, ...]
    headings: tuple[str, ...]
    language: Language
    header: tuple[int, int] | None = None
    media_type: str = ""
    masked: tuple[str, ...] = ()

    def document_spans(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Where the characters [start, end) of `text` stand in the document: one span, or two with the header's."""
        spans = []
        lead = 0
        if self.header is not None:
            lead = self.header[1] - self.header[0] + 1
            if start < lead - 1:
                spans.append((self.header[0] + start, self.header[0] + min(end, lead - 1)))
        if end > lead:
            spans.append((self.start + max(start, lead) - lead, self.start + end - lead))
        return tuple(spans)


class Question(Record):
    """A question about a chunk; `item` tells the questions of one chunk apart, as its recipe counts them."""

    chunk: str
    item: int
    text: str
    language: Language
    kind: Kind = "fact"


class Quote(Part):
    """Characters [start, end) of a chunk's text, copied verbatim."""

    chunk: str
    start: int
    end: int
    text: str


class Answer(Record):
    """What a teacher (or, after an edit, a reviewer) answered to a question.

    `flags` name the checks that found something worth knowing about it, but nothing to drop it for.
    """

    remarks: ClassVar[frozenset[str]] = frozenset({"flags"})

    question: str
    chunk: str
    text: str
    reasoning: str
    quotes: tuple[Quote, ...]
    final: str
    language: Language
    author: str
    kind: Kind = "fact"
    flags: tuple[str, ...] = ()


class Decision(Record):
    """What a person decided about an answer; `edit` replaces the fields that are given.

    `quote` is short for `quotes` where there is one. "undo" takes back the decision before it. "flag" and "unflag" mark
    an answer for a second look and decide nothing. "up" and "down" are about a reply to a question asked in chat: the
    question is `text`, what it said `final`, its verified quotes stand in the passage `chunk`.
    """

    answer: str
    verdict: Verdict | Remark
    reason: str = ""
    who: str
    when: str
    text: str | None = None
    reasoning: str | None = None
    quote: str | None = None
    quotes: tuple[str, ...] | None = None
    final: str | None = None
    chunk: str | None = None


class ContextDocument(Part):
    """A chunk as it is shown to the student, and why it was chosen."""

    chunk: str
    text: str
    tier: Tier = "random"


class Example(Record):
    """One row of the training set: documents in order, where the oracle stands, and what to answer.

    `oracle` is the index in `documents`, or None when the oracle is not shown. `group` is the unit that
    never crosses splits; examples of one `document_set` share the same documents in the same order.
    `reference` is the true final answer, also where `final` is an abstention. Where the documents of training examples
    are drawn more than once, `draw` counts from 0: epoch e (from 0) reads the examples of draw e modulo the draws.
    """

    answer: str
    text: str
    documents: tuple[ContextDocument, ...]
    oracle: int | None
    group: str
    document_set: str
    source: str
    split: Split
    behaviour: Literal["answer", "abstain", "memorise"]
    reasoning: str
    quotes: tuple[Quote, ...]
    final: str
    reference: str
    language: Language
    kind: Kind = "fact"
    flags: tuple[str, ...] = ()
    draw: int = 0


class Turn(Part):
    """A message of a conversation; one of the assistant's is learned unless its `weight` is 0."""

    role: str
    text: str
    weight: float = 1.0


class Conversation(Record):
    """A training row in chat form, as fine-tuning APIs take it: what the assistant says in it is learned.

    `source` names its file and line.
    """

    source: str
    turns: tuple[Turn, ...]


class CostQuote(Record):
    """What training would take: rows and tokens of one epoch, floating point operations, dollars.

    `dollars` is None where the price is not known, and 0 for the user's own machine.
    """

    examples: int
    prompt_tokens: int
    answer_tokens: int
    longest: int
    epochs: int
    flops: float
    dollars: float | None


class TrainedModel(Record):
    """A tuned student and what opens it: base model, adapter folder (by artifact file), prompt."""

    base: str
    adapter: str
    adapter_sha256: str
    prompt: str
    steps: int
    epochs: int
    train_loss: float
    validation_loss: float | None


class Prediction(Record):
    """One system's reply to one example's prompt, and what the project's retriever found for it, where it was asked."""

    example: str
    system: str
    reply: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    retrieved: tuple[ContextDocument, ...] = ()


class Label(Record):
    """What a person thinks of an answer by a judge's metric, from 0 to 1."""

    example: str
    system: str
    metric: str
    value: float


class Score(Record):
    """One metric of one prediction. `value` is None unless `state` is "scored"."""

    example: str
    system: str
    metric: str
    value: float | None
    state: State
    group: str
