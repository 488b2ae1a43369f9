import pytest

from raftune.errors import ConfigError
from raftune.training.processes import Processes, joined
from raftune.training.tally import Tally
from tests.training.two_processes import found, left_by


def test_a_process_alone_changes_nothing():
    import torch

    alone = Processes()
    weight = torch.nn.Parameter(torch.zeros(2))
    weight.grad = torch.ones(2)
    alone.add_up([weight])
    alone.broadcast([weight])
    alone.wait()
    assert weight.grad.tolist() == [1, 1]
    assert alone.is_first
    assert alone.add_up_tally(Tally(0.5, 1, 2)) == Tally(0.5, 1, 2)
    assert (alone.agree(True), alone.agree(False), alone.least(7)) == (True, False, 7)


def test_without_torchrun_there_is_one(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with joined() as processes:
        assert processes.count == 1


def test_half_an_environment_is_refused(monkeypatch):
    for name in ("RANK", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ConfigError, match="RANK is not set"), joined():
        pass


@pytest.mark.slow
def test_two_processes_add_up_and_agree(tmp_path):
    first, second = found("agreement", tmp_path)
    assert (first.pop("first"), second.pop("first")) == (True, False)
    assert first == second
    assert first["sums"] == [[[3.0] * 3] * 2, [[7.0] * 3] * 2, [[1.0] * 3] * 2]
    assert first["kinds"] == ["torch.float32", "torch.float32", "torch.bfloat16"]
    assert first["tally"] == [pytest.approx(1.2), 2, 4, 6, (1 << 41) + 1]
    assert first["agreed"] == [True, False, 3]
    assert first["sent"] == [[5.0, 5.0], 0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "rank", "said"),
    [
        ("failing", 0, "Process 1 of 2 failed: ValueError: no such row."),
        ("first_failing", 1, "Process 0"),
        ("killed", 0, "Process 1 of 2 did not come, or is gone."),
        ("sleeping", 0, "Process 1 of 2 did not come, or is gone."),
    ],
)
def test_who_failed_is_named_to_the_others(tmp_path, scenario, rank, said):
    left = left_by(rank, scenario, tmp_path)
    assert left["said"].startswith(said.rstrip("."))
    assert left["seconds"] < 30


@pytest.mark.slow
def test_two_processes_find_the_gradients_of_one_and_the_adapter_after_twenty_steps(tmp_path):
    import torch

    (whole,) = found("gradients", tmp_path, processes=1)
    for part in found("gradients", tmp_path):
        assert part["tally"][0] == pytest.approx(whole["tally"][0], rel=1e-12)
        assert part["tally"][1:4] == whole["tally"][1:4]
        for kind, bound in (("gradients", 1e-9), ("adapter", 1e-6)):
            one, other = (torch.cat([held[kind][name].flatten() for name in whole[kind]]) for held in (whole, part))
            assert float((one - other).norm() / one.norm()) < bound
