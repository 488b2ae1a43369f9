"""Runs a stage, or finds that its artifact is already there; and says what would run, and why.

The key of an artifact is the digest of: stage, stage version, the config that decides its rows, the models
of its roles, its prompts, the digests of its inputs, the project's seed.
"""

import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, ParamSpec, Protocol, TypeVar

from raftune.artifact import Artifact
from raftune.contracts import Engine, Progress, Store
from raftune.digest import Json, digest
from raftune.errors import StoreError
from raftune.prompts import prompt_digest
from raftune.records import Record
from raftune.stage import Plugs, Stage, StageConfig, Tools

C = TypeVar("C", bound=StageConfig)
P = ParamSpec("P")
R = TypeVar("R", bound=Record)

Foresee = Callable[[str, Mapping[str, Artifact[Any]]], Json | None]
"""Says what a stage will take, by the artifacts that are there before it runs; None where it says nothing."""

UNKNOWN = "unknown"
LOCK_SECONDS = 2.0


class StoppedAfter(Exception):
    """The stage named by --until is done."""


class Watcher(Protocol):
    """Is told what happens: the command line draws progress bars from it, a web page events."""

    def started(self, stage: str) -> Progress:
        """A stage starts to run; what comes back is called with its progress."""

    def finished(self, stage: str, artifact: Artifact[Any], seconds: float | None) -> None:
        """A stage is done; `seconds` is None where the artifact was already stored."""


@dataclass(frozen=True)
class StagePlan:
    """What a run would do with one stage; `why` names the parts of the key that changed since its last run.

    `last_seconds` is how long the stage took when it last ran, whatever its settings were.
    """

    stage: str
    status: str
    rows: int | None
    why: tuple[str, ...]
    last_seconds: float | None = None


def nothing(stage: str, artifacts: Mapping[str, Artifact[Any]]) -> Json | None:
    """Nobody asks what a stage will take."""


async def no_release() -> None:
    """Nothing was opened."""


@dataclass
class Runner:
    """Keys, store, journal. Call it with a stage, its config and its inputs."""

    store: Store
    plugs: Plugs
    engine: Engine
    journal: "Journal"
    watcher: Watcher
    seed: int
    role: Callable[[str], dict[str, Json]]
    fresh: frozenset[str] = frozenset()
    until: str | None = None
    prepare: Callable[[str], None] = lambda _: None
    release: Callable[[], Awaitable[None]] = no_release
    foresee: Foresee = nothing
    artifacts: dict[str, Artifact[Any]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    async def __call__(self, stage: Stage[C, P, R], config: C, /, *inputs: P.args, **named: P.kwargs) -> Artifact[R]:
        """The stage's artifact: stored, or made now."""
        parts = key_parts(stage, config, inputs, self.role, self.seed)
        key = digest(parts)
        artifact = None if stage.name in self.fresh else self.store.find(stage.name, key, stage.row_type)
        seconds = estimate = None
        if artifact is None:
            estimate = self.foresee(stage.name, self.artifacts)
            started = time.monotonic()
            await self.make(stage, config, key, parts, *inputs, **named)
            seconds = time.monotonic() - started
            artifact = self.store.find(stage.name, key, stage.row_type)
            if artifact is None:
                raise StoreError(
                    f"The artifact of {stage.name} vanished.", "Check who else writes to the project's folder."
                )
        self.journal.note(stage.name, key, parts, seconds, estimate)
        self.watcher.finished(stage.name, artifact, seconds)
        self.artifacts[stage.name] = artifact
        self.keys[stage.name] = key
        if self.until == stage.name:
            raise StoppedAfter
        return artifact

    async def make(
        self, stage: Stage[C, P, R], config: C, key: str, parts: Json, *inputs: P.args, **named: P.kwargs
    ) -> None:
        """Runs a stage and publishes its rows."""
        progress = self.watcher.started(stage.name)
        self.prepare(stage.name)
        try:
            with self.store.draft(stage.name, key, parts) as draft:
                work = self.store.work_folder(stage.name, key)
                tools = Tools(self.seed, self.plugs, self.engine, draft, work, progress)
                async for record in stage.run(tools, config, *inputs, **named):
                    draft.add(record)
        finally:
            await self.release()


@dataclass
class Planner:
    """Walks the pipeline like a Runner without running anything; collects a plan for each stage."""

    store: Store
    journal: "Journal"
    seed: int
    role: Callable[[str], dict[str, Json]]
    plans: list[StagePlan] = field(default_factory=list)
    artifacts: dict[str, Artifact[Any]] = field(default_factory=dict)

    async def __call__(self, stage: Stage[C, P, R], config: C, /, *inputs: P.args, **named: P.kwargs) -> Artifact[R]:  # noqa: ARG002 - a runner's shape
        """The stored artifact, or a stand-in whose digest is not known."""
        parts = key_parts(stage, config, inputs, self.role, self.seed)
        known = all(value != UNKNOWN for value in parts["inputs"].values())
        artifact = self.store.find(stage.name, digest(parts), stage.row_type) if known else None
        why = tuple(differences(self.journal.last_parts(stage.name), parts))
        if artifact is None:
            self.plans.append(StagePlan(stage.name, "would run", None, why, self.journal.last_seconds(stage.name)))
            return Artifact(stage.name, UNKNOWN, 0, stage.row_type)
        self.plans.append(StagePlan(stage.name, "stored", len(artifact), ()))
        self.artifacts[stage.name] = artifact
        return artifact


def key_parts(
    stage: Stage[Any, Any, Any],
    config: StageConfig,
    inputs: tuple[Any, ...],
    role: Callable[[str], dict[str, Json]],
    seed: int,
) -> dict[str, Any]:
    """Everything an artifact's key is the digest of, in words. Raises StoreError for two inputs of one name."""
    digests = {artifact.name: artifact.digest for artifact in inputs}
    if len(digests) < len(inputs):
        raise StoreError(f"Two inputs of {stage.name} have the same name.", "Report this: the key would leave one out.")
    return {
        "stage": stage.name,
        "version": stage.version,
        "config": config.identity(),
        "roles": {name: role(name) for name in stage.roles},
        "prompts": {name: prompt_digest(name) for name in stage.prompts},
        "inputs": digests,
        "seed": seed,
    }


def differences(before: Json, after: Json, path: str = "") -> Iterator[str]:
    """Where two JSON values differ, as lines like "config.distractors: 3 -> 4"."""
    if before is None and not path:
        yield "never run before"
    elif isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after}):
            yield from differences(before.get(name), after.get(name), f"{path}.{name}" if path else name)
    elif before != after:
        yield f"{path}: changed" if path.startswith(("inputs", "prompts")) else f"{path}: {before} -> {after}"


@dataclass
class Journal:
    """What was run when: one JSON line a stage, appended. Never part of an artifact."""

    path: Path

    def note(self, stage: str, key: str, parts: Json, seconds: float | None, estimate: Json | None = None) -> None:
        """Appends that a stage's artifact was made (in so many seconds) or used (None), and what it was to take."""
        if seconds is None and self.last(stage).get("key") == key:
            return
        noted = {"stage": stage, "key": key, "seconds": seconds, "parts": parts}
        line = json.dumps(noted if estimate is None else {**noted, "estimate": estimate}, ensure_ascii=False)
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" * self.torn() + line + "\n")

    def torn(self) -> bool:
        """Whether the last line was cut short by a crash."""
        data = self.path.read_bytes() if self.path.exists() else b""
        return bool(data) and not data.endswith(b"\n")

    def last(self, stage: str) -> dict[str, Any]:
        """The last line about a stage, or {}. A line cut by a crash is passed over."""
        found: dict[str, Any] = {}
        for line in self.lines():
            if line["stage"] == stage:
                found = line
        return found

    def last_parts(self, stage: str) -> Json:
        """What the key of a stage's last artifact was made of, or None."""
        return self.last(stage).get("parts")

    def seconds(self, stage: str, key: str) -> float | None:
        """How long the run that made an artifact took, or None when that is not known."""
        made = [line["seconds"] for line in self.lines() if line["stage"] == stage and line["key"] == key]
        return next((seconds for seconds in reversed(made) if seconds is not None), None)

    def estimate(self, stage: str, key: str) -> Json | None:
        """What an artifact was to take before it was made, or None when that was not said."""
        made = [line.get("estimate") for line in self.lines() if line["stage"] == stage and line["key"] == key]
        return next((estimate for estimate in reversed(made) if estimate is not None), None)

    def last_seconds(self, stage: str) -> float | None:
        """How long a stage took when it last ran, or None when it never did."""
        taken = [line["seconds"] for line in self.lines() if line["stage"] == stage and line["seconds"] is not None]
        return taken[-1] if taken else None

    def lines(self) -> Iterator[dict[str, Any]]:
        """All lines but those that a crash cut short."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                with suppress(ValueError):
                    yield json.loads(line)


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Holds the project's lock. Raises StoreError naming the process that holds it already."""
    import os

    with path.open("a+", encoding="utf-8") as file:
        try:
            take_lock(file)
        except OSError as error:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            raise StoreError(
                f"Another run works on this project (process {owner}).",
                "Wait for it to end, or stop it, then run again.",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def take_lock(file: IO[str]) -> None:
    """Locks a file. Raises OSError if another process still holds it after a moment.

    Children of a run that was killed a moment ago may hold it until they have started.
    """
    import fcntl

    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
