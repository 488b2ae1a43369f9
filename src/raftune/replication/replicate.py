"""A whole replication: data, arms, replies, scores, and the object that says what was found."""

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from raftune import api
from raftune.blocking import wait_for
from raftune.classes import Labels
from raftune.digest import Json
from raftune.errors import ConfigError
from raftune.meter import Meter
from raftune.project import Settings, settings_from
from raftune.records import Example, Prediction
from raftune.registry import load
from raftune.replication.arms import MAIN, NAMES, Ablation, Arm, arms_of
from raftune.replication.asking import Asking, Timed
from raftune.replication.course import Benchmark, Course, Sizes
from raftune.replication.results import PAIRS, TableFound, table_facts, table_found
from raftune.replication.scoring import Marks, Scoring, metrics_of
from raftune.replication.trivial import TRIVIAL, trivial_replies
from raftune.runner import Watcher, only_writer

EXCERPTS = Path(__file__).parent / "excerpts"
OURS = (*TRIVIAL, *NAMES)
TESTS = (*PAIRS, *((system, "tuned") for system in TRIVIAL))


@dataclass(frozen=True)
class Wanted:
    """What is to be run: the data set's name and folder, how much of it, where work is kept, what beside the table."""

    name: str
    folder: Path
    work: Path
    sizes: Sizes
    settings: Settings
    ablations: Sequence[Ablation] = ()


@dataclass
class Replication:
    """A replication while it runs: `replies` of all arms, `systems` by the names that they are kept under."""

    benchmark: Benchmark
    course: Course
    asking: Asking
    replies: list[Prediction] = field(default_factory=list)
    systems: dict[str, str] = field(default_factory=dict)

    async def run(self, arms: Sequence[Arm]) -> list[Example]:
        """All replies; the examples they are about. Arms beside the main one are asked the main table's questions."""
        testing = await self.asking.testing()
        self.replies += trivial_replies(self.benchmark, self.course, testing)
        for arm in arms:
            asked = testing if arm is MAIN else self.asking.among(testing, self.benchmark.main)
            self.replies += await self.asking.replies(arm, asked)
            self.systems |= arm.systems
        return list(testing)


def replicate(wanted: Wanted, watcher: Watcher) -> dict[str, Json]:
    """Runs what is not stored in the work folder yet. Raises any RaftuneError."""
    benchmark = benchmark_of(wanted.name)
    course = benchmark.course(wanted.folder, wanted.sizes)
    project = api.Project(wanted.work.resolve(), wanted.settings)
    project.state.mkdir(parents=True, exist_ok=True)
    arms = [MAIN, *arms_of(wanted.ablations)]
    with only_writer(project.state / "lock"), api.opened_ledger(project) as ledger:
        meter = Meter(project.settings.max_cost)
        timed = Timed(api.runner_of(project, ledger, meter, watcher, None, frozenset()))
        replication = Replication(benchmark, course, Asking(timed, project.settings, course, project.settings.seed))
        examples = wait_for(replication.run(arms))
    scoring = Scoring(metrics_of(benchmark.metrics, course), examples, project.settings.seed)
    marks = scoring.marks(replication.replies, replication.systems)
    return {
        "benchmark": benchmark.name,
        "title": benchmark.title,
        "metrics": list(benchmark.metrics),
        "student": project.settings.student.model,
        "sizes": asdict(wanted.sizes),
        "settings": settings_facts(project.settings),
        **table_facts(main_table(benchmark, course, marks, examples, project.settings.seed)),
        "slices": slices(benchmark, course, marks, examples, project.settings.seed),
        "ablations": ablations(benchmark, marks, arms[1:], project.settings.seed),
        "paper": {column: dict(row) for column, row in benchmark.paper.items()},
        "seconds": timed.totals(),
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "date": datetime.now(UTC).date().isoformat(),
    }


def benchmark_of(name: str) -> Benchmark:
    """The benchmark of that name. Raises ConfigError with the nearest there is."""
    found: Benchmark = load("replication.benchmarks", name)
    return found


def settings_for(benchmark: Benchmark, changes: Sequence[str]) -> Settings:
    """A benchmark's settings with changes to them. Raises ConfigError."""
    values = {name: dict(section) for name, section in benchmark.settings.items()}
    return settings_from(values | {"student": {"engine": "transformers"}}, changes)


def excerpt_of(name: str) -> Path:
    """The folder of a few rows that come with the package. Raises ConfigError where the licence allows none."""
    if not (EXCERPTS / name).is_dir():
        raise ConfigError(f"No part of {name} may be passed on.", "Name the folder of the whole with --data.")
    return EXCERPTS / name


def settings_facts(settings: Settings) -> dict[str, Json]:
    """The settings that decide the result."""
    sections: dict[str, Any] = {"assemble": settings.assemble, "train": settings.train, "predict": settings.predict}
    return {name: section.identity() for name, section in sections.items()} | {"seed": settings.seed}


def only(marks: Marks, examples: Sequence[Example]) -> Marks:
    """The marks of some examples."""
    ids = {example.id for example in examples}
    labels: dict[str, Labels] = {
        name: {key: pair for key, pair in some.items() if key in ids} for name, some in marks.labels.items()
    }
    return Marks([score for score in marks.scores if score.example in ids], labels)


def main_table(
    benchmark: Benchmark, course: Course, marks: Marks, examples: Sequence[Example], seed: int
) -> TableFound:
    """The paper's five systems beside the trivial ones, on the main slices."""
    main = [one for one in examples if not benchmark.main or course.slices.get(one.answer) in benchmark.main]
    return table_found(only(marks, main), OURS, benchmark.metrics, TESTS, seed)


def slices(
    benchmark: Benchmark, course: Course, marks: Marks, examples: Sequence[Example], seed: int
) -> dict[str, Json]:
    """The same table for each slice."""
    by_slice: dict[str, list[Example]] = {}
    for example in examples:
        if example.answer in course.slices:
            by_slice.setdefault(course.slices[example.answer], []).append(example)
    return {
        name: table_facts(table_found(only(marks, some), OURS, benchmark.metrics, PAIRS, seed))
        for name, some in by_slice.items()
    }


def ablations(benchmark: Benchmark, marks: Marks, arms: Sequence[Arm], seed: int) -> dict[str, Json]:
    """The systems of all arms beside RAFT as it is in the main table, each with its difference to that."""
    systems = [system for arm in arms for system in arm.systems]
    pairs = [("tuned", system) for system in systems]
    return table_facts(table_found(marks, ["tuned", *systems], benchmark.metrics, pairs, seed)) if systems else {}
