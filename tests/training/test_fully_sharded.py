import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import ConfigError
from raftune.training.fully_sharded import aligned, in_step, is_real
from raftune.training.rows import read_once
from raftune.training.shared_prefix import Way
from raftune.training.sharing_out import shared_out
from tests.training.test_sharing_out import SHAPES, groups_of
from tests.training.two_processes import found

WAY = Way(batch_tokens=300)


@given(SHAPES, st.integers(2, 4))
def test_all_processes_make_the_same_passes(shapes, processes):
    groups = groups_of(shapes)
    shares = aligned(shared_out(groups, processes), WAY)
    passes = [[bool(read_once(group, share=in_step(WAY).share)) for group in share] for share in shares]
    assert all(one == passes[0] for one in passes)
    rows = sorted(row.example for share in shares for group in share if is_real(group) for row in group)
    assert rows == sorted(row.example for group in groups for row in group)


def test_activated_lora_is_refused():
    with pytest.raises(ConfigError, match="Activated"):
        in_step(Way(invocation=3))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What one process finds."""
    return found("first_steps", tmp_path_factory.mktemp("whole"), processes=1)[0]


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["sharded_step", "sharded_twice"])
def test_divided_weights_give_the_gradients_of_one_process(tmp_path, whole, scenario):
    import torch

    parts = found(scenario, tmp_path)
    for part in parts:
        assert part["same"]
        assert part["again"]
        assert part["whole"]
        assert part["held"] <= part["divided"] * 0.6
        assert part["tally"][1:3] == whole["tally"][1:3]
        assert part["tally"][0] == pytest.approx(whole["tally"][0], rel=1e-12)
        for name, gradient in whole["gradients"].items():
            assert torch.allclose(part["gradients"][name], gradient, rtol=1e-9, atol=1e-12), name
        for name, weight in whole["adapter"].items():
            assert torch.allclose(part["adapter"][name], weight, rtol=1e-7, atol=1e-10), name


@pytest.mark.slow
def test_a_divided_run_is_saved_and_opened_whole(tmp_path):
    for part in found("sharded_saved", tmp_path):
        assert part["same"] == [True, True]
        assert part["moments"]
        assert part["step"] == 1
        assert part["best"] > 0
