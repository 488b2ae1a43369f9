"""The [train] section is checked before anything is paid for, and hands its options to the trainer."""

import pytest
from pydantic import ValidationError

from raftune.training.config import TrainingConfig
from raftune.training.options import options_from


def test_the_trainer_takes_what_the_section_gives() -> None:
    assert options_from(TrainingConfig(epochs=2, rank=8).options()).rank == 8


def test_a_wrong_option_is_refused() -> None:
    with pytest.raises(ValidationError):
        TrainingConfig(epochs=0)


def test_checkpoints_do_not_decide_the_adapter() -> None:
    assert TrainingConfig(save_every=3).identity() == TrainingConfig().identity()
