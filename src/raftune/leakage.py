"""What the splits of a training set share: kept apart before it is assembled, and counted in what was assembled."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from raftune.copies import copies_of
from raftune.digest import Json
from raftune.distractors import Passages
from raftune.duplicates import NearDuplicates, words_of
from raftune.records import Answer, Example, Split

SPLITS: tuple[Split, ...] = ("train", "validation", "test")
# What is measured with is kept whole, so that a benchmark stays what it is: the other side gives way.
GIVES_WAY: dict[Split, tuple[Split, ...]] = {"validation": ("test",), "train": ("test", "validation")}


class Leak(NamedTuple):
    """An answer that would carry a held-out question or passage into another split."""

    answer: Answer
    reason: str


class AskedQuestions:
    """The questions of a split, to look up near-duplicates in."""

    def __init__(self, questions: Sequence[str]) -> None:
        self._index = NearDuplicates()
        for question in questions:
            self._index.add(words_of(question))

    def hold(self, question: str) -> bool:
        """Whether a question is asked here in nearly the same words."""
        return self._index.find(words_of(question)) is not None


def repeated_questions(by_split: Mapping[Split, Sequence[Answer]]) -> Iterator[Leak]:
    """Answers of training and validation whose questions are near-duplicates of a question they give way to."""
    held: dict[Split, AskedQuestions] = {
        split: AskedQuestions([answer.text for answer in by_split[split]]) for split in ("test", "validation")
    }
    for split, others in GIVES_WAY.items():
        for answer in by_split[split]:
            for other in others:
                if held[other].hold(answer.text):
                    yield Leak(answer, f"near-duplicate of a {other} question")
                    break


def repeated_passages(by_split: Mapping[Split, Sequence[Answer]], passages: Passages) -> AbstractSet[int]:
    """The places of passages that repeat, or are, one that validation or testing asks about."""
    held = sorted({passages.place_of[answer.chunk] for split in SPLITS[1:] for answer in by_split[split]})
    rest = sorted(set(range(len(passages.chunks))) - set(held))
    shingles = [words.shingles for words in passages.words]
    return {*held, *copies_of(held, rest, shingles)}


@dataclass
class Shown:
    """What the examples of a split ask and show."""

    questions: dict[str, None] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    oracles: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)
    examples: int = 0


class LeakageReport:
    """Counts over finished examples; nothing in it is taken from how they were made."""

    def __init__(self, passages: Passages, asked_about: Mapping[str, str]) -> None:
        """`asked_about` names each answer's chunk, also where an example does not show it."""
        self._passages, self._asked_about = passages, asked_about
        self._shown: dict[Split, Shown] = {split: Shown() for split in SPLITS}

    def note(self, example: Example) -> None:
        """Takes one example into account."""
        shown, place_of = self._shown[example.split], self._passages.place_of
        shown.examples += 1
        shown.questions[example.text] = None
        shown.groups.add(example.group)
        shown.oracles.add(place_of[self._asked_about[example.answer]])
        shown.documents.update(place_of[document.chunk] for document in example.documents)

    def as_json(self, split_by: str) -> dict[str, Json]:
        """For each two splits what both have; `split_by` is the setting that says what they may share."""
        rows: list[Json] = [
            {"of": of, "held_out": held, **self.shared(self._shown[of], self._shown[held])}
            for held, of in combinations(SPLITS[::-1], 2)
        ]
        sizes: dict[str, Json] = {split: shown.examples for split, shown in self._shown.items()}
        return {"split_by": split_by, "examples": sizes, "shared": rows}

    def shared(self, one: Shown, held: Shown) -> dict[str, Json]:
        """Counts of what `one` has of a split that is held out."""
        asked = AskedQuestions(list(held.questions))
        shingles = [words.shingles for words in self._passages.words]
        copies = copies_of(held.oracles, one.oracles - held.oracles, shingles)
        return {
            "groups": len(one.groups & held.groups),
            "questions": sum(map(asked.hold, one.questions)),
            "oracles": len(one.oracles & held.oracles),
            "oracle_copies": len(copies),
            "held_out_oracles_shown": len(one.documents & held.oracles),
            "files": len(self._files(one) & self._files(held)),
            "documents_shown": len(one.documents & held.documents),
        }

    def _files(self, shown: Shown) -> set[str]:
        """The source documents that a split asks about."""
        return {self._passages.chunks[place].document for place in shown.oracles}
