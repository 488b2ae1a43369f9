"""Every extension point on one page. A new plug is one new file in the folder of its kind, plus its test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from raftune.artifact import Artifact, Draft
from raftune.digest import Json, digest
from raftune.records import CostQuote, Example, Language, Page, Record, State, TrainedModel

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]

R = TypeVar("R", bound=Record)
A = TypeVar("A")
B = TypeVar("B")

ReadWay = Literal["auto", "text", "ocr", "vision"]

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
class ReadOptions:
    """How a file is to be read.

    `way` is for pages of formats that know more than one ("auto": the text layer where it is usable, else OCR), `ways`
    overrides it for single pages. `ocr` names a file in `ocr/`, or is "auto". `footnote_marks` keeps raised numbers, as
    [^4]. `first` is the first page to read: a reader of numbered pages is called again with it after the process ended,
    then `careful`: no page is looked at before the one before it is given. `pages` is the most there may be.
    """

    way: ReadWay = "auto"
    ways: Mapping[int, ReadWay] = field(default_factory=dict)
    ocr: str = "auto"
    keep_hidden: bool = False
    footnote_marks: bool = True
    dots_per_inch: int = 200
    first: int = 1
    careful: bool = False
    pages: int = 10_000


class WordBox(NamedTuple):
    """Characters [start, end) of a page's text, and where they stand on it: points from its top left corner."""

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PageReading:
    """A page with the boxes of its words in the order of the text, and its size in points (0 where it has none)."""

    page: Page
    words: tuple[WordBox, ...] = ()
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Reading:
    """What a reader found: a document of `count` pages, given one by one as they are read.

    `part` tells the documents of one file apart, where it holds several. `numbered` says that reading can begin at any
    page (`ReadOptions.first`).
    """

    title: str
    pages: Iterable[PageReading]
    count: int = 1
    part: str = ""
    numbered: bool = False


@dataclass(frozen=True)
class Limits:
    """What a child may take: seconds to open the file and again for each page, megabytes of address space.

    So many `processes` may read parts of one long document side by side; that changes nothing but the time.
    """

    seconds: float = 120.0
    megabytes: int = 4096
    processes: int = 1


@dataclass(frozen=True)
class Opened:
    """A document begins: `count` pages follow. `numbered` says that reading can begin at any page."""

    media_type: str
    title: str
    count: int
    part: str = ""
    numbered: bool = False


@dataclass(frozen=True)
class Glyphs:
    """A word that OCR found on an image: its box in pixels from the top left, and how sure it is (0 to 1)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


@dataclass(frozen=True)
class Span:
    """Characters [start, end) of a text, with the headings above them, outermost first.

    `header` is the span of a table's header rows, where the span begins in the middle of that table.
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
