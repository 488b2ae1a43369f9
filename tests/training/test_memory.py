from pathlib import Path

import pytest

from raftune.errors import TrainingError
from raftune.training.memory import compute_twice, fitted, free_bytes, group_bytes, kept_per_token, ran_out
from raftune.training.rows import Row
from raftune.training.shared_prefix import Way
from tests.tiny_model import tiny_model
from tests.training.test_shared_prefix import tuned


def group(documents, suffix, each=3):
    return [Row(str(n), "s", (1,) * documents + (n + 2,) * suffix, documents + suffix - 2) for n in range(each)]


def test_what_a_pass_keeps_is_measured():
    model = tuned(tiny_model())
    per_token = kept_per_token(model.get_base_model())
    least = 4 * 2 * (64 * 4 + 96 * 3)  # two layers: norms, projections and gates of fp32
    assert least < per_token < 8 * least
    compute_twice(model.get_base_model())
    assert kept_per_token(model.get_base_model()) < per_token / 3


@pytest.mark.parametrize(
    ("free", "tokens", "checkpointing"), [(1e9, 2048, False), (2.7e7, 180, False), (1.6e7, 261, True)]
)
def test_passes_shrink_before_layers_are_computed_twice(free, tokens, checkpointing, caplog):
    way = fitted(tiny_model(), [group(900, 50), group(20, 60)], Way(), per_token=10000.0, free=free)
    assert way.checkpointing is checkpointing
    assert way.batch_tokens == tokens
    assert bool(caplog.records) == (free < 1e9)


def test_what_cannot_fit_is_refused():
    with pytest.raises(TrainingError, match=r"about .* GB of memory, and .* GB are free"):
        fitted(tiny_model(), [group(900, 50)], Way(), per_token=1000.0, free=1e4)


def test_free_memory_is_found(tmp_path):
    import torch

    assert 1e8 < free_bytes(torch.device("cpu")) < 1e14
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("400\n")
    assert group_bytes(tmp_path) == 600
    (tmp_path / "memory.max").write_text("max\n")
    assert group_bytes(tmp_path) == group_bytes(Path("/nowhere")) == float("inf")


def test_running_out_is_told_from_other_errors():
    import torch

    assert ran_out(torch.OutOfMemoryError("CUDA out of memory"))
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60)
    assert ran_out(caught.value)
    assert not ran_out(RuntimeError("shapes do not fit"))
