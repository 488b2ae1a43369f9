"""Every extension point on one page. A new plug is one new file in the folder of its kind, plus its test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from raftune.artifact import Artifact, Draft
from raftune.digest import Json, digest
from raftune.records import CostQuote, Example, Language, Page, Record, State, TrainedModel

R = TypeVar("R", bound=Record)
A = TypeVar("A")
B = TypeVar("B")

Progress = Callable[[int, int, str], None]
"""Called with (done, total, a few words such as "loss 1.2"); total is 0 where it is not known."""


class Passage(BaseModel):
    """The passage a teaching prompt was rendered from, for providers that work by rule, not by prompt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentences: tuple[str, ...]
    wanted: tuple[int, ...]
    headings: tuple[str, ...]
    language: Language


class ChatMessage(BaseModel):
    """One message of a conversation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: str


class ChatRequest(BaseModel):
    """All that decides a reply. `key` is the ledger's key; `passage` is neither sent nor part of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    messages: tuple[ChatMessage, ...]
    max_tokens: int
    temperature: float = 0.0
    seed: int = 0
    reply_schema: dict[str, Json] | None = None
    passage: Passage | None = Field(default=None, exclude=True)

    @property
    def key(self) -> str:
        """32 hexadecimal digits of the canonical request."""
        return digest(["chat", self.model_dump(mode="json")])


class ChatReply(BaseModel):
    """A model's answer; `finish_reason` is "stop" when it ended by itself, "length" when it was cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True)
class Reading:
    """What a reader found in a file."""

    title: str
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Span:
    """Characters [start, end) of a text, with the headings above them, outermost first."""

    start: int
    end: int
    headings: tuple[str, ...]


@dataclass(frozen=True)
class ParsedReply:
    """A student's reply taken apart; `final` is None where the reply has no `<ANSWER>:` mark."""

    reasoning: str
    quotes: tuple[str, ...]
    final: str | None
    text: str


@dataclass(frozen=True)
class Candidate:
    """A question, and once there is one its answer, as gates see them."""

    question: str
    final: str
    reasoning: str
    quote: str
    passage: str
    language: Language


@dataclass(frozen=True)
class Outcome:
    """A metric's judgement of one reply; `value` is None unless `state` is "scored"."""

    value: float | None
    state: State = "scored"


@dataclass(frozen=True)
class TrainingJob:
    """What a trainer is given: rows, where to keep checkpoints, where to put the adapter."""

    training: Sequence[Example]
    validation: Sequence[Example]
    student: str
    prompt: Json
    options: Json
    seed: int
    work: Path
    output: Path
    progress: Progress


class Reader(Protocol):
    """Reads one kind of file. Runs in a child process with limits."""

    media_type: str

    def accepts(self, head: bytes, name: str) -> bool:
        """Whether the first kilobyte (and, where bytes cannot tell, the name) is of this kind."""

    def read(self, path: Path) -> Reading:
        """The file's pages. Raises DocumentError if it cannot be read or holds no text."""


class Splitter(Protocol):
    """Cuts a text into spans that do not overlap and are in order."""

    def split(self, text: str) -> Sequence[Span]:
        """The spans; together they hold every character that is not white space."""


class Retriever(Protocol):
    """Finds the texts of a collection that are nearest to a query."""

    def index(self, texts: Sequence[str]) -> None:
        """Takes the collection; positions in it are what `nearest` returns."""

    def nearest(self, query: str, count: int) -> list[int]:
        """Positions of the `count` nearest texts, best first, ties by position."""


class ChatModel(Protocol):
    """Answers a conversation: a remote endpoint, a local model, a rule, or a wrapper around one."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises ProviderError when there is none, BadReply when it cannot be used."""


class Gate(Protocol):
    """Keeps faulty questions ("ask") or answers ("answer") out of the training set."""

    name: str
    stage: Literal["ask", "answer"]

    def fault(self, candidate: Candidate) -> str | None:
        """What is wrong, in a few words, or None. May remember earlier candidates of the same run."""


class Trainer(Protocol):
    """Tunes a student on examples."""

    def quote(self, examples: Sequence[Example], student: str, prompt: Json, options: Json) -> CostQuote:
        """What training on `examples` would take. Raises TrainingError naming rows that do not fit."""

    def train(self, job: TrainingJob) -> TrainedModel:
        """Trains, or goes on from the last checkpoint in `job.work`. Raises TrainingError."""


class Metric(Protocol):
    """Scores one reply against its example."""

    name: str
    higher_is_better: bool

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """A value from 0 to 1, or why there is none."""


class Store(Protocol):
    """Keeps artifacts by stage and key."""

    def find(self, stage: str, key: str, row_type: type[R]) -> Artifact[R] | None:
        """The artifact, or None."""

    def draft(self, stage: str, key: str, parts: Json) -> AbstractContextManager[Draft]:
        """A draft that appears under (stage, key) all at once when it is published."""

    def work_folder(self, stage: str, key: str) -> Path:
        """A folder that outlives a killed run, for checkpoints; deleted once the artifact is there."""


class Engine(Protocol):
    """Where the rows of a stage are worked on."""

    def each(self, rows: Iterable[A], work: Callable[[A], Awaitable[B]], at_once: int) -> AsyncIterator[tuple[A, B]]:
        """Awaits work(row) for `at_once` rows at a time; yields in the order of `rows`, read lazily."""
