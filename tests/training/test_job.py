import pytest

from raftune.errors import ConfigError
from raftune.training.job import check, settled
from raftune.training.options import LoraOptions


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"divide_weights": True}, "One process"),
        ({"divide_weights": True, "processes": 2, "kind": "activated"}, "activated"),
        ({"divide_weights": True, "processes": 2, "quantize": "4bit"}, "4-bit"),
        ({"divide_weights": True, "processes": 2, "kind": "full"}, "frozen"),
        ({"kind": "full", "start_from": "adapter"}, "All weights"),
        ({"kind": "full", "precision": "bf16"}, "fp32"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, said):
    with pytest.raises(ConfigError, match=said):
        check(LoraOptions(**options))
    check(LoraOptions(divide_weights=True, processes=2))


def test_threads_are_set_inside_only():
    import torch

    before = torch.get_num_threads()
    with settled(before + 1):
        assert torch.get_num_threads() == before + 1
        assert torch.are_deterministic_algorithms_enabled()
    assert torch.get_num_threads() == before
