"""The nouns of a replication: what a data set gives to learn from, and what to be asked about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from raftune.contracts import Metric
from raftune.digest import Json
from raftune.records import Answer, Chunk, Example, Split

Columns = Mapping[str, Mapping[str, float]]
"""The paper's numbers in percent: by column of its table, then by system."""


@dataclass(frozen=True)
class Sizes:
    """How much of a data set is taken: questions to learn from, questions to ask, characters of a document at most."""

    training: int
    testing: int
    characters: int


@dataclass(frozen=True)
class Part:
    """Answers about passages of one collection, of which the others are distractors."""

    name: str
    split: Split
    chunks: tuple[Chunk, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Given:
    """An answer whose documents come with its question: those that hold it, and distractors, in the order given."""

    split: Split
    answer: Answer
    documents: tuple[Chunk, ...]
    right: frozenset[str]


@dataclass(frozen=True)
class Course:
    """All that is taken of a data set.

    `right` are the passages that hold an answer, by its id, where there are several; `slices` what its question is
    counted under. `constants` are the answers that a trivial system gives to all questions of a slice, or to all ("").
    """

    constants: Mapping[str, str]
    parts: tuple[Part, ...] = ()
    given: tuple[Given, ...] = ()
    right: Mapping[str, frozenset[str]] = field(default_factory=dict)
    slices: Mapping[str, str] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()


class Benchmark(Protocol):
    """A data set: how it is read, what it is measured by, and what the paper reports.

    `settings` are those of raftune.toml that it is run with, `metrics` the names of those that are shown, first the
    data set's own. `main` are the slices of the main table; none: all.
    """

    name: str
    title: str
    metrics: tuple[str, ...]
    main: tuple[str, ...]
    sizes: Sizes
    smoke: Sizes
    settings: Mapping[str, Json]
    paper: Columns

    def course(self, folder: Path, sizes: Sizes) -> Course:
        """What is taken of the files in a folder. Raises ConfigError where they are not there, or hold too little."""

    def guess(self, example: Example, sentence: str, document: str) -> str:
        """What a system without a model answers from the sentence, and its document, that are nearest to a question."""


def most_frequent(answers: Iterable[str]) -> str:
    """The most frequent of some answers, of several the first one."""
    return Counter(answers).most_common(1)[0][0]
