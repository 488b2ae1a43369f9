import pytest
import torch

from raftune.errors import ConfigError
from raftune.generating.shape import shape_of


def pair(heads=2, width=4):
    return torch.zeros(1, heads, 7, width), torch.zeros(1, heads, 7, width + 1)


def test_the_shape_is_that_of_all_layers():
    shape = shape_of({0: pair(), 1: pair()})
    assert (shape.layers, shape.heads, shape.key_width, shape.value_width) == (2, 2, 4, 5)
    keys, values = shape.segment(9)
    assert (tuple(keys.shape), tuple(values.shape)) == ((2, 2, 9, 4), (2, 2, 9, 5))


@pytest.mark.parametrize(
    "made", [{}, {0: pair(), 2: pair()}, {0: pair(), 1: pair(heads=1)}], ids=["none", "gap", "two"]
)
def test_models_whose_layers_differ_are_refused(made):
    with pytest.raises(ConfigError):
        shape_of(made)
