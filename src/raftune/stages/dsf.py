"""Examples -> a student tuned on the same questions and answers without documents, to be compared with (DSF)."""

from collections.abc import AsyncIterator

from raftune.artifact import Artifact
from raftune.closed_book import closed_book_rows
from raftune.records import Example, TrainedModel
from raftune.stage import Tools, stage
from raftune.training.config import TrainingConfig
from raftune.training.in_stage import tuned


@stage(version=1, row_type=TrainedModel, roles=("student",), prompts=("raft", "abstain", "dsf"))
async def dsf(tools: Tools, config: TrainingConfig, examples: Artifact[Example]) -> AsyncIterator[TrainedModel]:
    """One model tuned with the options of [train]: domain-specific fine-tuning (arXiv 2403.10131, section 3)."""
    yield await tuned(tools, config, list(closed_book_rows(examples)))
