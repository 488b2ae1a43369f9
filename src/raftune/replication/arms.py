"""What is trained and asked: the paper's five systems, and its ablations as arms that differ in one thing each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from raftune.digest import Json
from raftune.errors import ConfigError

NAMES = {
    "base:closed": "base",
    "base": "base + RAG",
    "dsf:closed": "DSF",
    "dsf": "DSF + RAG",
    "tuned": "RAFT",
}
"""The systems of the paper's table 1: as they are written under [predict], and as it calls them."""
SHARES: Sequence[float] = (0, 0.4, 0.8, 1)
TRAINED: Sequence[int] = (0, 2, 4)
TESTED = (0, 2, 4, 8)
MOST = 50  # distractors, as under [assemble]


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


def arms_of(ablations: Iterable[str]) -> list[Arm]:
    """The arms of ablations written "reasoning", "oracle-share" or "distractors", the latter two also with values as
    in "oracle-share=0.4,1". They are the paper's table 2, figure 5 and figure 6. Raises ConfigError.
    """
    arms: list[Arm] = []
    for text in dict.fromkeys(ablations):
        name, _, values = text.partition("=")
        if name not in ABLATIONS or (values and name == "reasoning"):
            raise ConfigError(f"There is no ablation {text!r}.", f"Choose among {', '.join(ABLATIONS)}.")
        try:
            arms += ABLATIONS[name](values)
        except ValueError as error:
            raise ConfigError(
                f"The values of {text!r} are wrong.", "Write oracle-share=0,0.5,1 or distractors=0,4."
            ) from error
    return arms


def without_reasoning(_: str) -> list[Arm]:
    """A student that learns the answer alone."""
    return [Arm("no reasoning", {"no reasoning": "tuned"}, bare=True)]


def by_share(values: str) -> list[Arm]:
    """A student for each share P. Raises ValueError for what is none."""
    shares = [float(value) for value in values.split(",")] if values else SHARES
    if not all(0 <= share <= 1 for share in shares):
        raise ValueError(values)
    return [Arm(f"P={share:g}", {f"P={share:g}": "tuned"}, {"oracle_share": share}) for share in shares]


def by_count(values: str) -> list[Arm]:
    """A student for each number of distractors, asked with several numbers of them. Raises ValueError."""
    counts = [int(value) for value in values.split(",")] if values else TRAINED
    if not all(0 <= count <= MOST for count in counts):
        raise ValueError(values)
    return [Arm(f"n={count}", shown(count), {"distractors": count}) for count in counts]


def shown(trained: int) -> dict[str, str]:
    """The systems of a student trained with so many distractors, by the names of their replies."""
    return {f"n={trained} k={count}": f"tuned:k{count}" for count in TESTED}


ABLATIONS: dict[str, Callable[[str], list[Arm]]] = {
    "reasoning": without_reasoning,
    "oracle-share": by_share,
    "distractors": by_count,
}
