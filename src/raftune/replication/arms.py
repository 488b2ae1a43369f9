"""What is trained and asked: the paper's five systems, and its ablations as arms that differ in one thing each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from raftune.digest import Json

Ablation = Literal["reasoning", "oracle-share", "distractors"]

NAMES = {
    "base:closed": "base",
    "base": "base + RAG",
    "dsf:closed": "DSF",
    "dsf": "DSF + RAG",
    "tuned": "RAFT",
}
"""The systems of the paper's table 1: as they are written under [predict], and as it calls them."""
SHARES = (0.0, 0.4, 0.8, 1.0)
TRAINED, TESTED = (0, 2, 4), (0, 2, 4, 8)


@dataclass(frozen=True)
class Arm:
    """A student tuned on rows that differ from the main ones by settings of [assemble], or by having no reasoning.

    `systems` are asked, by the names under which their replies are kept.
    """

    name: str
    systems: Mapping[str, str]
    changes: Mapping[str, Json] = field(default_factory=dict)
    bare: bool = False


MAIN = Arm("main", {name: name for name in NAMES})


def arms_of(ablations: Iterable[Ablation], shares: Sequence[float] = SHARES) -> list[Arm]:
    """The arms of some ablations: the paper's table 2, figure 5 and figure 6."""
    arms: list[Arm] = []
    for ablation in ablations:
        if ablation == "reasoning":
            arms.append(Arm("no reasoning", {"no reasoning": "tuned"}, bare=True))
        elif ablation == "oracle-share":
            arms += [Arm(f"P={share:.1f}", {f"P={share:.1f}": "tuned"}, {"oracle_share": share}) for share in shares]
        else:
            arms += [Arm(f"n={count}", tested(count), {"distractors": count}) for count in TRAINED]
    return arms


def tested(trained: int) -> dict[str, str]:
    """The systems of a student trained with so many distractors: shown each number of them."""
    return {f"n={trained} k={count}": f"tuned:k{count}" for count in TESTED}
