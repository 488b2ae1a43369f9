"""The [train] section: who trains, and the options of local training."""

from typing import Annotated

from pydantic import Field

from raftune.digest import Json
from raftune.stage import StageConfig, Transport
from raftune.training.options import LoraOptions


class TrainingConfig(LoraOptions, StageConfig):
    """How the student is tuned."""

    trainer: str = "lora"
    """Who trains: a file in `trainers/`."""

    save_every: Annotated[int, Transport()] = Field(10, ge=1)
    """Steps between checkpoints."""

    trackers: Annotated[tuple[str, ...], Transport()] = ()
    """Who else keeps the figures of each step: files in `trackers/`, such as tensorboard or trackio."""

    def options(self) -> Json:
        """What the trainer is given."""
        return self.model_dump(mode="json", exclude={"trainer", "trackers"})
