"""Training as a part of a run: rows to a tuned student, which can be stopped and goes on where it was."""

import asyncio
import threading
from collections.abc import Mapping, Sequence

from raftune.contracts import TrainingJob
from raftune.errors import TrainingError
from raftune.prompts.raft import default_prompt
from raftune.records import Example, TrainedModel
from raftune.stage import Tools
from raftune.training.config import TrainingConfig
from raftune.training.metrics import note_figures


async def tuned(tools: Tools, config: TrainingConfig, rows: Sequence[Example]) -> TrainedModel:
    """The student tuned on the rows of the training part; goes on from the last checkpoint of a run that was stopped.

    Raises TrainingError.
    """
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
        return await asyncio.to_thread(tools.plugs.trainer(config.trainer).train, job)
    except asyncio.CancelledError:
        stopped.set()  # the thread ends at its next step; asyncio waits for it
        raise
    finally:
        for tracker in trackers:
            tracker.close()
