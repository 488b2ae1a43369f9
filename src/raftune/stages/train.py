"""Examples -> a tuned student: an adapter, its metrics, and what opens it."""

import asyncio
from collections.abc import AsyncIterator

from raftune.artifact import Artifact
from raftune.contracts import TrainingJob
from raftune.prompts.raft import default_prompt
from raftune.records import CostQuote, Example, TrainedModel
from raftune.stage import StageConfig, Tools, stage


class TrainConfig(StageConfig):
    """Who trains, and how."""

    trainer: str = "lora"
    """A file in `trainers/`."""
    options: dict[str, float | int | str | bool] = {}
    """The trainer's own options, for LoRA: epochs, rank, alpha, learning_rate and more."""


@stage(version=1, row_type=TrainedModel, roles=("student",), prompts=("raft", "abstain"))
async def train(
    tools: Tools, config: TrainConfig, examples: Artifact[Example], quote: Artifact[CostQuote]
) -> AsyncIterator[TrainedModel]:
    """One tuned model; goes on from the last checkpoint of a run that was stopped. `quote` has to exist first."""
    rows = list(examples)
    job = TrainingJob(
        training=[example for example in rows if example.split == "train"],
        validation=[example for example in rows if example.split == "validation"],
        student=tools.plugs.student_name(),
        prompt=default_prompt().model_dump(mode="json"),
        options=config.options,
        seed=tools.seed,
        work=tools.work,
        output=tools.draft.files,
        progress=tools.progress,
    )
    yield await asyncio.to_thread(tools.plugs.trainer(config.trainer).train, job)
