import pytest

from raftune.errors import ConfigError
from raftune.training.opening import open_student
from raftune.training.options import LoraOptions
from tests.tiny_model import save_tiny


def test_numbers_are_fp32_on_a_cpu_unless_said_otherwise(tmp_path):
    import torch

    folder, device = save_tiny(tmp_path / "tiny"), torch.device("cpu")
    assert open_student(folder, LoraOptions(), device).dtype == torch.float32
    assert open_student(folder, LoraOptions(precision="bf16"), device).dtype == torch.bfloat16


def test_four_bits_need_a_gpu(tmp_path):
    import torch

    with pytest.raises(ConfigError, match="CUDA"):
        open_student(save_tiny(tmp_path / "tiny"), LoraOptions(quantize="4bit"), torch.device("cpu"))
