import pytest
from pydantic import ValidationError

from raftune.retrieve_config import RetrieveConfig


def test_without_settings_it_is_what_training_was_made_with():
    assert RetrieveConfig() == RetrieveConfig.model_validate({})


def test_unknown_settings_are_refused():
    with pytest.raises(ValidationError):
        RetrieveConfig.model_validate({"nearest": 3})
