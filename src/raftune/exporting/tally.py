"""What an export holds, counted while it is written."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from raftune.records import Example, Split

SPLITS: tuple[Split, ...] = ("train", "validation", "test")


@dataclass
class Tally:
    """Counts of rows by split and property, and which chunks and files they rest on."""

    rows: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    groups: dict[str, set[str]] = field(default_factory=dict)
    behaviours: dict[str, Counter[str]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    documents: Counter[int] = field(default_factory=Counter)
    draws: int = 0
    chunks: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)

    def add(self, example: Example) -> None:
        """Counts a row."""
        self.rows[example.split] += 1
        self.shown[example.split] += example.oracle is not None
        self.groups.setdefault(example.split, set()).add(example.group)
        self.behaviours.setdefault(example.split, Counter())[example.behaviour] += 1
        self.kinds[example.kind] += 1
        self.languages[example.language] += 1
        self.flags.update(example.flags)
        self.tiers.update(document.tier for document in example.documents)
        self.documents[len(example.documents)] += 1
        self.draws = max(self.draws, example.draw + 1)
        self.chunks.update(document.chunk for document in example.documents)
        self.paths.add(example.source)

    def as_json(self) -> dict[str, Any]:
        """All counts, by split in order, by property in order of its name."""
        splits = [split for split in SPLITS if self.rows[split]]
        return {
            "rows": sum(self.rows.values()),
            "splits": {
                split: {
                    "rows": self.rows[split],
                    "groups": len(self.groups[split]),
                    "oracle_shown": self.shown[split],
                    "behaviours": dict(sorted(self.behaviours[split].items())),
                }
                for split in splits
            },
            "kinds": dict(sorted(self.kinds.items())),
            "languages": dict(sorted(self.languages.items())),
            "flags": dict(sorted(self.flags.items())),
            "tiers": dict(sorted(self.tiers.items())),
            "documents_per_row": {str(number): count for number, count in sorted(self.documents.items())},
            "draws": self.draws,
        }
