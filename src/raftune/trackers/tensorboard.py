"""Writes what `tensorboard --logdir FOLDER` draws."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from raftune.models.extras import optional


class TensorBoard:
    """Event files of a run in a folder of its own; opened at the first step, which replaces what later steps of an
    interrupted run had left.
    """

    def __init__(self, folder: Path, run: str) -> None:
        self.folder = folder / run
        self.make = optional("torch.utils.tensorboard", "track").SummaryWriter
        self.writer: Any = None

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        """Adds the figures of a step."""
        if self.writer is None:
            self.writer = self.make(str(self.folder), purge_step=step)
        for name, value in figures.items():
            self.writer.add_scalar(name, value, step)

    def close(self) -> None:
        """Writes what is still held."""
        if self.writer is not None:
            self.writer.close()


plug = TensorBoard
