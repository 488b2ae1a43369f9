"""Counts over examples, taken one by one: no example is held."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from raftune.describing.lengths import spread_of
from raftune.records import Example, Kind, Language, Split, Tier
from raftune.report_records import ExampleCount, LengthSpread

SPLITS: tuple[Split, ...] = ("train", "validation", "test")
TIERS: tuple[Tier, ...] = ("oracle", "document", "near", "random")
SORTS = ("question", "answer", "document", "prompt")

Cell = tuple[Split, str, Kind, Language]


@dataclass
class ExampleTally:
    """What examples have in common. Of one that is drawn more than once, only positions and documents count again."""

    cells: Counter[Cell] = field(default_factory=Counter)
    lengths: dict[str, Counter[int]] = field(default_factory=lambda: {sort: Counter() for sort in SORTS})
    placed: Counter[int] = field(default_factory=Counter)
    hidden: int = 0
    shown: Counter[int] = field(default_factory=Counter)
    tiers: Counter[Tier] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    answers: set[str] = field(default_factory=set)

    def add(self, example: Example) -> None:
        """Counts an example in."""
        sizes = [len(document.text) for document in example.documents]
        self.shown[len(sizes)] += 1
        self.lengths["document"].update(sizes)
        self.lengths["prompt"][sum(sizes) + len(example.text)] += 1
        for place, document in enumerate(example.documents):
            self.tiers["oracle" if place == example.oracle else document.tier] += 1
        if example.oracle is None:
            self.hidden += 1
        else:
            self.placed[example.oracle] += 1
        if example.draw == 0:
            self.answers.add(example.answer)
            self.cells[example.split, example.behaviour, example.kind, example.language] += 1
            self.flags.update(example.flags)
            self.lengths["question"][len(example.text)] += 1
            self.lengths["answer"][len(example.final)] += 1

    def counts(self) -> Iterator[ExampleCount]:
        """Examples by split, behaviour, kind and language."""
        for split, behaviour, kind, language in sorted(self.cells, key=lambda cell: (SPLITS.index(cell[0]), *cell[1:])):
            examples = self.cells[split, behaviour, kind, language]
            yield ExampleCount(split=split, behaviour=behaviour, kind=kind, language=language, examples=examples)

    def spreads(self, most_bars: int) -> Iterator[LengthSpread]:
        """Lengths in characters by sort."""
        for sort, lengths in self.lengths.items():
            yield spread_of(sort, lengths.elements(), most_bars)

    def positions(self) -> tuple[int, ...]:
        """Examples whose oracle stands first, second, ..."""
        return tuple(self.placed[place] for place in range(max(self.placed, default=-1) + 1))

    def by_tier(self) -> tuple[tuple[Tier, int], ...]:
        """Documents shown by why they are."""
        return tuple((tier, self.tiers[tier]) for tier in TIERS if self.tiers[tier])
