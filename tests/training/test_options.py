import pytest

from raftune.errors import ConfigError
from raftune.training.options import LoraOptions, options_from


def test_defaults():
    assert options_from({}) == LoraOptions()
    assert (LoraOptions().epochs, LoraOptions().rank, LoraOptions().learning_rate) == (3, 16, 5e-4)


@pytest.mark.parametrize(("saved", "named"), [({"rnak": 8}, "rnak"), ({"epochs": 0}, "epochs")])
def test_wrong_fields_are_named(saved, named):
    with pytest.raises(ConfigError, match=named):
        options_from(saved)


def test_every_field_is_documented():
    assert all(field.description for field in LoraOptions.model_fields.values())
