"""Checkpoints of a training run: safetensors and JSON, whole or not there at all."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raftune.digest import Json, canonical_json

TENSORS, STATE = "state.safetensors", "state.json"
MAKING = "making"


@dataclass(frozen=True)
class Checkpoint:
    """Tensors by name, and all else as JSON, after `step` optimizer steps."""

    step: int
    tensors: Mapping[str, Any]
    state: Json


def save_checkpoint(work: Path, checkpoint: Checkpoint) -> None:
    """Puts the checkpoint into folder `work`, then deletes older ones."""
    from safetensors.torch import save_file

    making = work / MAKING
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    save_file({name: tensor.contiguous() for name, tensor in checkpoint.tensors.items()}, making / TENSORS)
    (making / STATE).write_text(canonical_json(checkpoint.state), encoding="utf-8")
    for path in (making / TENSORS, making / STATE, making):
        sync(path)
    older = steps_in(work)
    target = folder_of(work, checkpoint.step)
    if target.exists():
        shutil.rmtree(target)
    making.rename(target)
    sync(work)
    for step in older:
        if step != checkpoint.step:
            shutil.rmtree(folder_of(work, step))


def load_checkpoint(work: Path, run: str) -> Checkpoint | None:
    """The latest checkpoint in `work` of the run with digest `run`, or None."""
    from safetensors.torch import load_file

    for step in reversed(steps_in(work)):
        folder = folder_of(work, step)
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        if state["run"] == run:
            return Checkpoint(step, load_file(folder / TENSORS), state)
    return None


def steps_in(work: Path) -> list[int]:
    """The steps whose checkpoints are in `work`, ascending."""
    return sorted(int(path.name.removeprefix("step-")) for path in work.glob("step-*"))


def folder_of(work: Path, step: int) -> Path:
    """The folder of a step's checkpoint."""
    return work / f"step-{step:08d}"


def sync(path: Path) -> None:
    """Waits until a file or folder is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
