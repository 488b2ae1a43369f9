"""What a stage is, and what it is given: `async def verb(tools, config, *artifacts) -> rows`.

A stage is a pure function: what it makes depends on its config, its input artifacts and the models that
its roles name, and on nothing else. Everything that may differ between two runs comes through `Tools`.
"""

import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Concatenate, Generic, Literal, ParamSpec, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from raftune.artifact import Artifact, Draft
from raftune.contracts import (
    Candidate,
    ChatModel,
    Embedder,
    Engine,
    Gate,
    Metric,
    Progress,
    Retriever,
    SplitOptions,
    Splitter,
    Tracker,
    Trainer,
    Verifier,
)
from raftune.digest import Json, digest
from raftune.errors import BadReply, DocumentError
from raftune.personal_data import mask_personal
from raftune.readings import Limits, Opened, PageReading, ReadOptions
from raftune.records import Kind, Language, Record, Source

C = TypeVar("C", bound="StageConfig")
P = ParamSpec("P")
R = TypeVar("R", bound=Record)
A = TypeVar("A", bound=Record)
B = TypeVar("B")

REJECTABLE = (BadReply, DocumentError)


@dataclass(frozen=True)
class Transport:
    """Marks a config field that changes how fast or by what way rows come, not which rows."""


class StageConfig(BaseModel):
    """A section of raftune.toml: frozen, unknown keys refused, the text under a field is its documentation."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    def identity(self) -> dict[str, Json]:
        """The fields that decide the rows: all but those marked `Transport`."""
        fields = type(self).model_fields
        marked = {name for name, field in fields.items() if any(isinstance(mark, Transport) for mark in field.metadata)}
        return self.model_dump(mode="json", exclude=marked)


@dataclass(frozen=True)
class Stage(Generic[C, P, R]):
    """A named, versioned stage. Raise `version` when the same inputs would give other rows."""

    name: str
    version: int
    row_type: type[R]
    run: Callable[Concatenate["Tools", C, P], AsyncIterator[R]]
    roles: tuple[str, ...]
    prompts: tuple[str, ...]


def stage(
    version: int, row_type: type[R], roles: tuple[str, ...] = (), prompts: tuple[str, ...] = ()
) -> Callable[[Callable[Concatenate["Tools", C, P], AsyncIterator[R]]], Stage[C, P, R]]:
    """Makes a stage of a function; `roles` and `prompts` name the models and texts that its rows depend on."""

    def make(run: Callable[Concatenate["Tools", C, P], AsyncIterator[R]]) -> Stage[C, P, R]:
        return Stage(run.__name__, version, row_type, run, roles, prompts)

    return make


@dataclass(frozen=True)
class Teacher:
    """The model that writes questions and answers, and how it is asked: the fields of [teacher] of these names.

    Without `kinds` the mix of question kinds is the default one. `at_once` rows are worked on at the same time.
    """

    model: str
    chat: ChatModel
    questions_per_chunk: int
    reasoning: bool
    recipe: str = "auto"
    mode: str = "combined"
    style: str = ""
    kinds: Mapping[Kind, float] = field(default_factory=dict)
    at_once: int = 8


@dataclass(frozen=True)
class Judge:
    """The model that checks what the teacher wrote: its name, how to ask it, rows worked on at the same time."""

    model: str
    chat: ChatModel
    at_once: int = 8


@dataclass(frozen=True)
class Vision:
    """The model that looks at pages: its name, how to ask it, tokens a page may take, pages at once."""

    model: str
    chat: ChatModel
    max_tokens: int = 4096
    at_once: int = 4


class Plugs(Protocol):
    """Opens the parts a stage asks for by name. A test hands in a fake of a few lines."""

    def read(self, source: Source, options: ReadOptions, limits: Limits) -> AsyncGenerator[Opened | PageReading, None]:
        """A source file's documents, each followed by its pages, read in a child process with limits."""

    async def picture(self, source: Source, page: int, dots_per_inch: int, limits: Limits) -> bytes:
        """A page of a PDF as PNG or JPEG, drawn in a child process with limits. Raises DocumentError."""

    def measure(self, unit: Literal["tokens", "characters"]) -> Callable[[str], Sequence[int]]:
        """What sizes of texts are counted in: gives the starts of a text's tokens or characters."""

    def splitter(self, name: str, options: SplitOptions, language: Language) -> Splitter:
        """The splitter of that name for documents in a language; one that embeds gets the project's embedder."""

    def retriever(self, name: str, language: Language) -> Retriever:
        """A new retriever for texts mostly in a language; one that embeds gets the project's embedder."""

    def gates(self, stage: str, names: Sequence[str]) -> Sequence[Gate]:
        """The gates of a stage among `names`, in that order."""

    def verifiers(self, names: Sequence[str]) -> Sequence[Verifier]:
        """The verifiers of those names, in that order."""

    def teacher(self) -> Teacher:
        """The teacher; its replies go through the ledger."""

    def judge(self) -> Judge:
        """Who checks the teacher's work: the teacher where nobody else is named. Its replies go through the ledger."""

    def embedder(self, language: Language) -> Embedder:
        """The project's embedder for texts in a language."""

    def vision(self) -> Vision:
        """The model that looks at pages; its replies go through the ledger."""

    def student(self, adapter: Path | None) -> tuple[str, ChatModel]:
        """The student, plain or with an adapter: a name that tells its weights apart, and how to ask it."""

    def other(self, name: str) -> tuple[str, ChatModel]:
        """A model of [models] by its name there, as `student`. Raises ConfigError where there is none."""

    def student_name(self) -> str:
        """The student's name in raftune.toml, resolved to what trainers open."""

    def trainer(self, name: str) -> Trainer:
        """The trainer of that name."""

    def trackers(self, names: Sequence[str], run: str) -> Sequence[Tracker]:
        """The trackers of those names, for a run that goes on under the same name."""

    def metrics(self, names: Sequence[str]) -> Sequence[Metric]:
        """The metrics of those names."""


@dataclass(frozen=True)
class Tools:
    """What a stage may use beside its inputs."""

    seed: int
    plugs: Plugs
    engine: Engine
    draft: Draft
    work: Path
    progress: Progress

    def random(self, *names: str) -> random.Random:
        """A random number generator of its own for each combination of names, from the project's seed."""
        return random.Random(digest([self.seed, *names]))  # noqa: S311 - sampling, not cryptography

    def reject(self, row: str, reason: str, detail: str = "") -> None:
        """Files a row that is left out: its id, a reason that is counted, and what helps to understand it.

        Personal data in the detail is masked: a model may have invented it, or a passage may be left out for it.
        """
        self.draft.reject(row, reason, mask_personal(detail))

    async def each(
        self, rows: Iterable[A], work: Callable[[A], Awaitable[B]], at_once: int = 1, total: int = 0, done: int = 0
    ) -> AsyncIterator[tuple[A, B]]:
        """(row, await work(row)) in order, `at_once` at a time; a row whose work fails by its own fault is rejected.

        `done` rows of `total` were worked on before: for progress only.
        """

        async def attempt(row: A) -> B | BadReply | DocumentError:
            try:
                return await work(row)
            except REJECTABLE as error:
                return error

        async for row, result in self.engine.each(rows, attempt, at_once):
            done += 1
            self.progress(done, total, "")
            if isinstance(result, REJECTABLE):
                self.reject(row.id, result.reason, str(result))
            else:
                yield row, result


def rows_by_id(artifact: Artifact[A]) -> dict[str, A]:
    """All rows of an artifact in memory, by id: for joins with an artifact that fits."""
    return {row.id: row for row in artifact}


def fault_of(gates: Sequence[Gate], candidate: Candidate) -> tuple[str, str] | None:
    """The name of the first gate that a candidate does not pass and what it found, or None."""
    return next(((gate.name, fault) for gate in gates if (fault := gate.fault(candidate))), None)
