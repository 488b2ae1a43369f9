"""A whole replication: data, arms, replies, scores, and the object that says what was found."""

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from raftune import api
from raftune.blocking import wait_for
from raftune.digest import Json
from raftune.errors import ConfigError
from raftune.meter import Meter
from raftune.project import Settings, settings_from
from raftune.records import Example, Prediction
from raftune.registry import load
from raftune.replication.arms import MAIN, NAMES, Arm
from raftune.replication.asking import Asking, Timed
from raftune.replication.course import Benchmark, Course, Sizes
from raftune.replication.results import PAIRS, table_facts, table_found
from raftune.replication.scoring import Marks, Scoring, metrics_of
from raftune.replication.trivial import TRIVIAL, trivial_replies
from raftune.runner import Watcher, only_writer

EXCERPTS = Path(__file__).parent / "excerpts"
OURS = (*TRIVIAL, *NAMES)
TESTS = (*PAIRS, *((system, "tuned") for system in TRIVIAL))


@dataclass(frozen=True)
class Wanted:
    """What is to be run: the data set's name and folder, how much of it, where work is kept, arms beside the main."""

    name: str
    folder: Path
    work: Path
    sizes: Sizes
    settings: Settings
    arms: Sequence[Arm] = ()


@dataclass
class Replication:
    """A replication while it runs; `marks` are of all replies so far."""

    benchmark: Benchmark
    course: Course
    asking: Asking
    marks: Marks = field(default_factory=Marks)

    async def run(self, arms: Sequence[Arm]) -> list[Example]:
        """The examples that were asked about. Arms beside the main one are asked the main table's questions alone."""
        testing = await self.asking.testing()
        self.mark(testing, list(trivial_replies(self.benchmark, self.course, testing)), {})
        for arm in (MAIN, *arms):
            asked = testing if arm is MAIN else self.asking.among(testing, self.benchmark.main)
            self.mark(asked, await self.asking.replies(arm, asked), arm.systems)
        return list(testing)

    def mark(self, asked: Iterable[Example], replies: Sequence[Prediction], systems: Mapping[str, str]) -> None:
        """Scores replies against what each system was shown."""
        scoring = Scoring(metrics_of(self.benchmark.metrics, self.course), list(asked), self.asking.seed)
        self.marks.add(scoring.marks(replies, systems))


def replicate(wanted: Wanted, watcher: Watcher) -> dict[str, Json]:
    """Runs what is not stored in the work folder yet. Raises any RaftuneError."""
    benchmark, settings = benchmark_of(wanted.name), wanted.settings
    course = benchmark.course(wanted.folder, wanted.sizes)
    project = api.Project(wanted.work.resolve(), settings)
    project.state.mkdir(parents=True, exist_ok=True)
    with only_writer(project.state / "lock"), api.opened_ledger(project) as ledger:
        timed = Timed(api.runner_of(project, ledger, Meter(settings.max_cost), watcher, None, frozenset()))
        replication = Replication(benchmark, course, Asking(timed, settings, course, settings.seed))
        examples = wait_for(replication.run(wanted.arms))
    tables = Tables(benchmark, course, replication.marks, examples, settings.seed)
    return {
        "benchmark": benchmark.name,
        "title": benchmark.title,
        "metrics": list(benchmark.metrics),
        "student": settings.student.model,
        "sizes": asdict(wanted.sizes),
        "settings": settings_facts(settings),
        **tables.main(),
        "slices": tables.slices(),
        "ablations": tables.ablations(wanted.arms),
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


@dataclass(frozen=True)
class Tables:
    """The tables of a replication, each of the marks of some of its examples."""

    benchmark: Benchmark
    course: Course
    marks: Marks
    examples: Sequence[Example]
    seed: int

    def of(
        self, examples: Iterable[Example], systems: Sequence[str], pairs: Sequence[tuple[str, str]]
    ) -> dict[str, Json]:
        """The table of some systems on some examples."""
        return table_facts(table_found(self.marks.among(examples), systems, self.benchmark.metrics, pairs, self.seed))

    @property
    def asked_mainly(self) -> list[Example]:
        """The examples of the main slices."""
        main = self.benchmark.main
        return [one for one in self.examples if not main or self.course.slices.get(one.answer) in main]

    def main(self) -> dict[str, Json]:
        """The paper's five systems beside the trivial ones."""
        return self.of(self.asked_mainly, OURS, TESTS)

    def slices(self) -> dict[str, Json]:
        """The same for each slice that is not the main one."""
        by_slice: dict[str, list[Example]] = {}
        for example in self.examples:
            name = self.course.slices.get(example.answer, "")
            if name and name not in self.benchmark.main:
                by_slice.setdefault(name, []).append(example)
        return {name: self.of(some, OURS, PAIRS) for name, some in by_slice.items()}

    def ablations(self, arms: Sequence[Arm]) -> dict[str, Json]:
        """The systems of all arms beside RAFT as it is in the main table, each with its difference to that."""
        systems = [system for arm in arms for system in arm.systems]
        return self.of(self.asked_mainly, ["tuned", *systems], [("tuned", one) for one in systems]) if systems else {}
