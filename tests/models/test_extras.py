import pytest

from raftune.errors import MissingExtra
from raftune.models.extras import optional


def test_gives_the_module():
    assert optional("json", "train").loads("1") == 1


def test_names_the_extra_that_is_missing():
    with pytest.raises(MissingExtra) as caught:
        optional("no_such_library", "train")
    assert caught.value.advice == "pip install 'raftune[train]'"
