"""Plugs by name, and near names."""

import pytest

from raftune.errors import ConfigError
from raftune.registry import load


def test_a_misspelt_plug_is_named_with_its_nearest() -> None:
    with pytest.raises(ConfigError, match="no 'bm52' among the retrievers") as caught:
        load("retrievers", "bm52")
    assert "bm25" in caught.value.advice


def test_a_plug_is_what_its_file_offers() -> None:
    assert load("gates", "complete")().name == "complete"
    with pytest.raises(ConfigError, match="no 'zzz' among the gates"):
        load("gates", "zzz")
