"""Every extension point on one page. A new plug is one new file in the folder of its kind, plus its test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from raftune.artifact import Artifact, Draft
from raftune.audited import AuditRow, Finding, RowTrace, Severity
from raftune.digest import Json, digest
from raftune.errors import ProviderError
from raftune.prompts.raft import RaftPrompt
from raftune.readings import Glyphs, Reading, ReadOptions
from raftune.records import Answer, Chunk, Conversation, CostQuote, Example, Kind, Language, Record, State, TrainedModel

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]

R = TypeVar("R", bound=Record)
A = TypeVar("A")
B = TypeVar("B")

Progress = Callable[[int, int, str], None]
"""Called with (done, total, a few words such as "loss 1.2"); total is 0 where it is not known."""

Track = Callable[[int, Mapping[str, float]], None]
"""Called after each training step with its number (from 1) and its figures by name."""


class Passage(BaseModel):
    """The passage a teaching prompt was rendered from, for providers that work by rule, not by prompt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentences: tuple[str, ...]
    wanted: tuple[int, ...]
    headings: tuple[str, ...]
    language: Language


class ChatMessage(BaseModel):
    """One message of a conversation; `images` are data URLs that follow its text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: str
    images: tuple[str, ...] = Field(default=(), exclude_if=lambda images: not images)


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
class Span:
    """Characters [start, end) of a text, with the headings above them, outermost first. `header` is where
    a table's header rows stand, if the span begins in the middle of that table.
    """

    start: int
    end: int
    headings: tuple[str, ...]
    header: tuple[int, int] | None = None


@dataclass(frozen=True)
class SplitOptions:
    """How a text is to be cut; sizes in what `measure` counts.

    `measure` gives the starts of a text's tokens, ascending. `overlap` repeats that much of the end of a chunk, in
    whole sentences. `embedder` and `percentile` (0 to 100) are for splitters that look for a change of subject.
    """

    maximum: int
    minimum: int
    measure: Callable[[str], Sequence[int]]
    overlap: int = 0
    embedder: "Embedder | None" = None
    percentile: float = 80.0


@dataclass(frozen=True)
class ParsedReply:
    """A student's reply taken apart; `final` is None where the reply has no `<ANSWER>:` mark."""

    reasoning: str
    quotes: tuple[str, ...]
    final: str | None
    text: str


@dataclass(frozen=True)
class Candidate:
    """A question, and once there is one its answer, as gates see them.

    `passage` is the text it is about, `instructions` what the teacher was told.
    """

    question: str
    final: str
    reasoning: str
    quotes: tuple[str, ...]
    passage: str
    language: Language
    kind: Kind = "fact"
    instructions: str = ""

    @property
    def quote(self) -> str:
        """All quotes, a space between them."""
        return " ".join(self.quotes)


@dataclass(frozen=True)
class Outcome:
    """A metric's judgement of one reply; `value` is None unless `state` is "scored"."""

    value: float | None
    state: State = "scored"


@dataclass(frozen=True)
class TrainingJob:
    """What a trainer is given: rows, where to keep checkpoints, where to put the adapter, whom to tell of each step;
    with `keep_epochs`, folders `step-N` beside the adapter get what was trained by the end of each epoch.
    """

    training: Sequence[Example | Conversation]
    validation: Sequence[Example | Conversation]
    student: str
    prompt: Json
    options: Json
    seed: int
    work: Path
    output: Path
    progress: Progress
    track: Track
    keep_epochs: bool = False


class Reader(Protocol):
    """Reads one kind of file. Runs in a child process with limits."""

    media_type: str

    def accepts(self, path: Path, head: bytes) -> bool:
        """Whether the file is of this kind, by its first kilobyte; by more of it or its name where that cannot tell."""

    def read(self, path: Path, options: ReadOptions) -> Iterable[Reading]:
        """The file's documents: nearly always one. Raises DocumentError if it cannot be read or holds no text."""


class Ocr(Protocol):
    """Finds the words on an image."""

    def fits(self, language: Language | None) -> bool:
        """Whether it is installed and reads that language (None: any)."""

    def recognize(self, image: "Image", language: Language | None) -> list[Glyphs]:
        """The words of a PIL image, in no particular order."""


class Splitter(Protocol):
    """Cuts a text into spans that are in order, and overlap only where they are asked to."""

    async def split(self, text: str) -> Sequence[Span]:
        """The spans; together they hold every character that is not white space."""


class Embedder(Protocol):
    """Turns texts into vectors: near in meaning, near in space."""

    name: str

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """One row of length 1 a text, float32, shape (texts, dimensions). Raises ProviderError."""


class Retriever(Protocol):
    """Finds the texts of a collection that are nearest to a query."""

    async def index(self, texts: Sequence[str]) -> None:
        """Takes the collection; positions in it are what `nearest` returns. Raises ProviderError by an embedder."""

    async def nearest(self, queries: Sequence[str], count: int) -> list[list[int]]:
        """For each query the positions of the `count` nearest texts (or all there are), best first, ties by position.

        Many queries at once are cheaper than one by one.
        """


class ChatModel(Protocol):
    """Answers a conversation: a remote endpoint, a local model, a rule, or a wrapper around one."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises ProviderError when there is none, BadReply when it cannot be used."""


@dataclass(frozen=True)
class BatchState:
    """How far a batch is: `ended` once its results can be fetched, be they of all its requests or not.

    `refused` is why nothing of it was done, and nothing paid: QueueFull where the endpoint had no room for it.
    """

    ended: bool = False
    refused: ProviderError | None = None


class BatchEndpoint(Protocol):
    """Takes many requests at a time and answers them some hours later, for less money. All raise ProviderError."""

    def line(self, custom_id: str, request: ChatRequest) -> bytes:
        """A request as it stands in a batch, under a name of at most 64 characters."""

    async def submit(self, lines: Iterable[bytes], label: str) -> str:
        """Hands in a batch that can be found by its label again; its id. Raises QueueFull where there is no room."""

    async def adopt(self, label: str) -> str | None:
        """The id of the batch that was handed in under a label, or None: for runs that ended before they noted it."""

    async def state(self, batch: str) -> BatchState:
        """How far a batch is."""

    def results(
        self, batch: str, requests: Mapping[str, ChatRequest]
    ) -> AsyncIterator[tuple[str, ChatReply | ProviderError]]:
        """What became of the requests of a batch that has ended, by their names; those it did not get to may lack.

        `requests` are those that are known here. Unavailable for a request means that it may be sent again.
        """


class Gate(Protocol):
    """Keeps faulty questions ("ask") or answers ("answer") out of the training set."""

    name: str
    stage: Literal["ask", "answer"]

    def fault(self, candidate: Candidate) -> str | None:
        """What is wrong, in a few words, or None. May remember earlier candidates of the same run."""


@dataclass(frozen=True)
class Verdict:
    """What a verifier says about an answer: a `fault` (few words) drops it, a `flag` is noted on it.

    `checked` is False where the model's reply says nothing usable about this answer.
    """

    checked: bool = True
    fault: str = ""
    flag: str = ""
    detail: str = ""


class Verifier(Protocol):
    """Asks a model about all answers of a passage in one request, and judges them by its reply."""

    name: str

    def request(self, model: str, chunk: Chunk, answers: Sequence[Answer]) -> ChatRequest:
        """What is asked about the answers of one passage."""

    def judge(self, reply: ChatReply, answers: Sequence[Answer]) -> list[Verdict]:
        """A verdict for each answer, in order. Raises BadReply where nothing of the reply can be used."""


class Trainer(Protocol):
    """Tunes a student on examples."""

    def quote(self, examples: Sequence[Example], student: str, prompt: Json, options: Json) -> CostQuote:
        """What training on `examples` would take. Raises TrainingError naming rows that do not fit."""

    def train(self, job: TrainingJob) -> TrainedModel:
        """Trains, or goes on from the last checkpoint in `job.work`. Raises TrainingError."""


class Tracker(Protocol):
    """Writes the figures of a training run for a tool that draws them."""

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        """Adds the figures of a step (from 1). After an interruption, steps since the last checkpoint come again."""

    def close(self) -> None:
        """Writes what is still held."""


class Metric(Protocol):
    """Scores one reply against its example."""

    name: str
    higher_is_better: bool

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """A value from 0 to 1, or why there is none."""


class Exporter(Protocol):
    """Writes examples in one file format.

    `extension` is that of its files, which lie in `folder` of an export ("" for its top). `trainers` names libraries
    that read it, for which settings are written. Where it is `hosted`, providers of tuning take it, by their rules.
    `columns` are those whose types the card has to state, since the files do not.
    """

    extension: str
    folder: str
    trainers: tuple[str, ...]
    hosted: bool
    columns: tuple[str, ...]

    def row(self, example: Example, prompt: RaftPrompt) -> dict[str, Json]:
        """An example as a row of the format; its texts are those that `prompt` renders."""

    def writing(self, file: BinaryIO) -> AbstractContextManager[Callable[[dict[str, Json]], object]]:
        """A function that appends a row to an open file; the file is whole when the block ends. Raises MissingExtra."""


class RowCheck(Protocol):
    """Looks at the rows of a training set one by one."""

    name: str
    severity: Severity
    about: str

    def applies(self, row: AuditRow) -> bool:
        """Whether the row can have this fault."""

    def fault(self, row: AuditRow) -> str | None:
        """What is wrong, in a few words that hold no personal data, or None."""


class SetCheck(Protocol):
    """Looks at a training set as a whole; `checked` counts the rows it looked at."""

    name: str
    severity: Severity
    about: str
    checked: int

    def add(self, trace: RowTrace) -> None:
        """Takes note of the next row."""

    def findings(self) -> Iterable[Finding]:
        """What is wrong, once all rows were added."""


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
