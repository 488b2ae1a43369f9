"""The settings of the cockpit decide no rows."""

import pytest
from pydantic import ValidationError

from raftune.ui_config import UiConfig


def test_no_key_of_an_artifact_depends_on_it() -> None:
    assert UiConfig(port=1, reviewers=("a", "b"), overlap=0.5).identity() == {}


def test_a_share_is_a_share() -> None:
    with pytest.raises(ValidationError):
        UiConfig(overlap=15)
