"""Examples -> a tuned student: an adapter, its metrics, and what opens it."""

from collections.abc import AsyncIterator

from raftune.artifact import Artifact
from raftune.records import CostQuote, Example, TrainedModel
from raftune.stage import Tools, stage
from raftune.training.config import TrainingConfig
from raftune.training.in_stage import tuned


@stage(version=3, row_type=TrainedModel, roles=("student",), prompts=("raft", "abstain", "dsf"))
async def train(
    tools: Tools, config: TrainingConfig, examples: Artifact[Example], _quote: Artifact[CostQuote]
) -> AsyncIterator[TrainedModel]:
    """One tuned model; goes on from the last checkpoint of a run that was stopped. The quote has to exist first."""
    yield await tuned(tools, config, list(examples))
