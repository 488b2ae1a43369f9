"""Examples -> a cost quote for training, made before a row is trained on."""

from collections.abc import AsyncIterator

from raftune.artifact import Artifact
from raftune.prompts.raft import default_prompt
from raftune.records import CostQuote, Example
from raftune.stage import StageConfig, Tools, stage


class EstimateConfig(StageConfig):
    """Nothing to set: the quote follows from [train]."""

    trainer: str = "lora"
    """Who gives the quote: follows [train]."""
    options: dict[str, float | int | str | bool] = {}
    """The trainer's options: follow [train]."""


@stage(version=1, row_type=CostQuote, roles=("student",), prompts=("raft", "abstain"))
async def estimate(tools: Tools, config: EstimateConfig, examples: Artifact[Example]) -> AsyncIterator[CostQuote]:
    """One quote. Raises TrainingError naming the examples that do not fit the student's context."""
    training = [example for example in examples if example.split == "train"]
    trainer = tools.plugs.trainer(config.trainer)
    prompt = default_prompt().model_dump(mode="json")
    yield trainer.quote(training, tools.plugs.student_name(), prompt, config.options)
