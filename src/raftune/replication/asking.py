"""The course of a replication: rows, two tuned students, and the replies of each system, all of it stored by stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from raftune.artifact import Artifact, in_memory
from raftune.contexts import system_of
from raftune.pipeline import StageSettings
from raftune.records import Chunk, Example, Prediction, Record, TrainedModel
from raftune.replication.arms import Arm
from raftune.replication.course import Course
from raftune.replication.rows import bare, rows_of
from raftune.runner import Runner
from raftune.stage import Stage, StageConfig
from raftune.stages.dsf import dsf
from raftune.stages.estimate import estimate
from raftune.stages.predict import predict
from raftune.stages.train import train

C = TypeVar("C", bound=StageConfig)
P = ParamSpec("P")
R = TypeVar("R", bound=Record)


@dataclass
class Timed:
    """A runner that counts what each artifact took to make, in this run or in an earlier one."""

    runner: Runner
    seconds: dict[str, dict[str, float]] = field(default_factory=dict)

    async def __call__(self, stage: Stage[C, P, R], config: C, /, *inputs: P.args, **named: P.kwargs) -> Artifact[R]:
        """The artifact of a stage."""
        artifact = await self.runner(stage, config, *inputs, **named)
        key = self.runner.keys[stage.name]
        self.seconds.setdefault(stage.name, {})[key] = self.runner.journal.seconds(stage.name, key) or 0.0
        return artifact

    def totals(self) -> dict[str, float]:
        """Seconds by stage, each artifact counted once."""
        return {stage: round(sum(made.values()), 1) for stage, made in self.seconds.items()}


@dataclass
class Asking:
    """Tunes and asks what an arm says; what two arms have in common is made once."""

    run: Timed
    settings: StageSettings
    course: Course
    seed: int

    async def testing(self) -> Artifact[Example]:
        """The questions that all systems are asked."""
        return await rows_of(self.run, self.course, self.settings.assemble, "test", self.seed)

    def among(self, testing: Artifact[Example], slices: Sequence[str]) -> Artifact[Example]:
        """The questions of some slices; all where none is named."""
        rows = [row for row in testing if not slices or self.course.slices.get(row.answer) in slices]
        return in_memory("assemble", Example, rows)

    async def replies(self, arm: Arm, testing: Artifact[Example]) -> list[Prediction]:
        """The replies of an arm's systems, under the names that the arm has for them."""
        config = self.settings.assemble.model_copy(update=dict(arm.changes))
        training = await rows_of(self.run, self.course, config, "train", self.seed)
        training = bare(training) if arm.bare else training
        models: dict[str, Artifact[TrainedModel]] = {}
        found: list[Prediction] = []
        for name, system in arm.systems.items():
            model = system_of(system).model
            if model not in models:
                models[model] = await self.tuned(model, training)
            found += [one.changed(system=name) for one in await self.asked(system, models[model], testing)]
        return found

    async def tuned(self, model: str, training: Artifact[Example]) -> Artifact[TrainedModel]:
        """The student of a system; none for the base."""
        if model == "dsf":
            return await self.run(dsf, self.settings.train, training)
        if model == "tuned":
            quote = await self.run(estimate, self.settings.train, training)
            return await self.run(train, self.settings.train, training, quote)
        return nobody("train")

    async def asked(
        self, system: str, model: Artifact[TrainedModel], testing: Artifact[Example]
    ) -> Artifact[Prediction]:
        """A system's replies."""
        config = self.settings.predict.model_copy(update={"systems": (system,)})
        students: Mapping[str, Any] = {"tuned": nobody("train"), "dsf": nobody("dsf"), system_of(system).model: model}
        library = in_memory("chunk", Chunk, ())
        return await self.run(predict, config, testing, students["tuned"], students["dsf"], library)


def nobody(stage: str) -> Artifact[TrainedModel]:
    """No tuned student of a stage: inputs of one name would count as one in the key of what is made of them."""
    return in_memory(stage, TrainedModel, ())
