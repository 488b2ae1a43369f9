"""Examples -> a tuned student: an adapter, its metrics, and what opens it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping

from raftune.artifact import Artifact
from raftune.contracts import TrainingJob
from raftune.errors import TrainingError
from raftune.prompts.raft import default_prompt
from raftune.records import CostQuote, Example, TrainedModel
from raftune.stage import Tools, stage
from raftune.training.config import TrainingConfig
from raftune.training.metrics import note_figures


@stage(version=3, row_type=TrainedModel, roles=("student",), prompts=("raft", "abstain", "dsf"))
async def train(
    tools: Tools, config: TrainingConfig, examples: Artifact[Example], _quote: Artifact[CostQuote]
) -> AsyncIterator[TrainedModel]:
    """One tuned model; goes on from the last checkpoint of a run that was stopped. The quote has to exist first."""
    rows = list(examples)
    stopped = threading.Event()

    def progress(done: int, total: int, words: str) -> None:
        if stopped.is_set():
            raise TrainingError("Training was stopped.", "Run again to go on from the last checkpoint.")
        tools.progress(done, total, words)

    trackers = tools.plugs.trackers(config.trackers, tools.work.name)

    def track(step: int, figures: Mapping[str, float]) -> None:
        note_figures(tools.work, step, figures)
        for tracker in trackers:
            tracker.log(step, figures)

    job = TrainingJob(
        training=[example for example in rows if example.split == "train"],
        validation=[example for example in rows if example.split == "validation"],
        student=tools.plugs.student_name(),
        prompt=default_prompt().model_dump(mode="json"),
        options=config.options(),
        seed=tools.seed,
        work=tools.work,
        output=tools.draft.files,
        progress=progress,
        track=track,
    )
    try:
        yield await asyncio.to_thread(tools.plugs.trainer(config.trainer).train, job)
    except asyncio.CancelledError:
        stopped.set()  # the thread ends at its next step; asyncio waits for it
        raise
    finally:
        for tracker in trackers:
            tracker.close()
