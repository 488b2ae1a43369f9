"""Trackers are told and closed, and a stopped run stops its trainer; what trains is tests/trainers."""

import asyncio
from pathlib import Path

import pytest

from raftune.stages.train import train
from raftune.training.config import TrainingConfig
from tests.stages.test_train import INPUTS, Kept, Plugs, Trainer
from tests.support import make_tools, rows_of


def test_trackers_get_every_step_and_are_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kept, "every", [])
    tools = make_tools(tmp_path, Plugs(Trainer(steps=3)))
    rows_of(train, tools, TrainingConfig(trackers=("one", "other")), *INPUTS)
    assert [(kept.name, kept.run, kept.steps, kept.closed) for kept in Kept.every] == [
        (name, tools.work.name, [0, 1, 2], True) for name in ("one", "other")
    ]


def test_a_cancelled_run_stops_the_trainer_at_its_next_step(tmp_path: Path) -> None:
    trainer = Trainer(steps=1000)
    tools = make_tools(tmp_path, Plugs(trainer))

    async def cancelled() -> None:
        async for _ in train.run(tools, TrainingConfig(), *INPUTS):
            pass

    async def scenario() -> None:
        task = asyncio.ensure_future(cancelled())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    assert trainer.ended == "Training was stopped."
