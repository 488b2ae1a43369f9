"""Examples -> a cost quote for training, made before a row is trained on."""

from collections.abc import AsyncIterator

from raftune.artifact import Artifact
from raftune.prompts.raft import default_prompt
from raftune.records import CostQuote, Example
from raftune.stage import Tools, stage
from raftune.training.config import TrainingConfig


@stage(version=1, row_type=CostQuote, roles=("student",), prompts=("raft", "abstain"))
async def estimate(tools: Tools, config: TrainingConfig, examples: Artifact[Example]) -> AsyncIterator[CostQuote]:
    """One quote. Raises TrainingError naming the examples that do not fit the student's context."""
    training = [example for example in examples if example.split == "train"]
    trainer = tools.plugs.trainer(config.trainer)
    prompt = default_prompt().model_dump(mode="json")
    yield trainer.quote(training, tools.plugs.student_name(), prompt, config.options())
