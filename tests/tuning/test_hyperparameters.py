import pytest
from pydantic import ValidationError

from raftune.training.options import LoraOptions, options_from
from raftune.tuning.hyperparameters import Hyperparameters


def test_auto_is_our_own_default():
    assert options_from(Hyperparameters().options()) == LoraOptions()


def test_numbers_are_taken_and_the_rate_is_relative():
    options = options_from(Hyperparameters(n_epochs=2, batch_size=2, learning_rate_multiplier=0.5).options("folder"))
    assert (options.epochs, options.examples_per_step, options.sets_per_step) == (2, 2, 2)
    assert options.learning_rate == LoraOptions().learning_rate / 2
    assert options.start_from == "folder"


@pytest.mark.parametrize("wrong", [{"n_epochs": 0}, {"batch_size": "many"}, {"learning_rate_multiplier": 0}, {"x": 1}])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(ValidationError):
        Hyperparameters.model_validate(wrong)
