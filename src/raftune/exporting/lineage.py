"""Which artifacts a stored artifact was made of, whatever was run since."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from raftune.artifact import Artifact
from raftune.contracts import Store
from raftune.runner import Journal
from raftune.stage import Stage


@dataclass(frozen=True)
class Step:
    """An artifact, its key, and what the key was made of."""

    key: str
    parts: dict[str, Any]
    artifact: Artifact[Any]


def lineage(store: Store, journal: Journal, stages: Iterable[Stage[Any, Any, Any]], last: str) -> dict[str, Step]:
    """The latest artifact of the stage `last` and all that it was made of, by stage, in the order of `stages`.

    Empty where `last` was never run; an artifact that is not stored any more is left out with what is before it.
    """
    row_types = {stage.name: stage.row_type for stage in stages}
    lines = journal.lines()
    noted: dict[str, list[dict[str, Any]]] = {name: [] for name in row_types}
    for line in lines:
        if line["stage"] in noted:
            noted[line["stage"]].append(line)
    found: dict[str, Step] = {}
    wanted: list[tuple[str, str | None]] = [(last, None)]
    while wanted:
        name, digest = wanted.pop()
        if name in found or name not in row_types:
            continue
        for line in reversed(noted[name]):
            artifact = store.find(name, line["key"], row_types[name])
            if artifact is not None and digest in (None, artifact.digest):
                found[name] = Step(line["key"], line["parts"], artifact)
                wanted.extend(line["parts"]["inputs"].items())
                break
    return {name: found[name] for name in row_types if name in found}
