"""A trainer gets the right rows, and a stop request reaches it."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from raftune.artifact import in_memory
from raftune.contracts import TrainingJob
from raftune.errors import TrainingError
from raftune.records import CostQuote, Example, TrainedModel
from raftune.stages.train import train
from raftune.training.config import TrainingConfig
from tests.stages.test_assemble import assembled, corpus
from tests.stages.test_predict import MODEL
from tests.support import make_tools, rows_of

EXAMPLES = assembled(*corpus(30, 2), distractors=2, validation=0.2, test=0.2)
QUOTE = CostQuote(examples=1, prompt_tokens=1, answer_tokens=1, longest=1, epochs=1, flops=1.0, dollars=0.0)


class Trainer:
    def __init__(self, steps: int = 0) -> None:
        self.steps, self.job, self.ended = steps, None, ""

    def train(self, job: TrainingJob) -> TrainedModel:
        self.job: Any = job
        try:
            for step in range(self.steps):
                job.progress(step, self.steps, "")
                job.track(step, {"train_loss": 1.0})
                time.sleep(0.01)
        except TrainingError as error:
            self.ended = error.message
            raise
        return MODEL


class Kept:
    every: ClassVar["list[Kept]"] = []

    def __init__(self, name: str, run: str) -> None:
        self.name, self.run, self.steps, self.closed = name, run, list[int](), False
        self.every.append(self)

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        self.steps.append(step)

    def close(self) -> None:
        self.closed = True


class Plugs:
    def __init__(self, trainer: Trainer) -> None:
        self.chosen = trainer

    def trainer(self, name: str) -> Trainer:
        return self.chosen

    def student_name(self) -> str:
        return "student"

    def trackers(self, names: Sequence[str], run: str) -> "list[Kept]":
        return [Kept(name, run) for name in names]


INPUTS = in_memory("assemble", Example, EXAMPLES), in_memory("estimate", CostQuote, [QUOTE])


def test_training_and_validation_rows_go_their_ways(tmp_path: Path) -> None:
    trainer = Trainer()
    tools = make_tools(tmp_path, Plugs(trainer), seed=5)
    assert rows_of(train, tools, TrainingConfig(), *INPUTS) == [MODEL]
    job = trainer.job
    assert {example.split for example in job.training} == {"train"}
    assert {example.split for example in job.validation} == {"validation"}
    assert (job.seed, job.student, job.work) == (5, "student", tools.work)
