import torch

from raftune.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint, steps_in


def test_only_the_latest_stays(tmp_path):
    for step in (1, 2, 2):
        save_checkpoint(tmp_path, Checkpoint(step, {"a": torch.full((2,), step)}, {"run": "r", "step": step}))
    assert steps_in(tmp_path) == [2]
    found = load_checkpoint(tmp_path, "r")
    assert found.step == 2
    assert torch.equal(found.tensors["a"], torch.full((2,), 2))


def test_nothing_of_another_run_or_a_killed_save_is_read(tmp_path):
    assert load_checkpoint(tmp_path, "r") is None
    (tmp_path / "making").mkdir()
    (tmp_path / "making" / "state.json").write_text("{")
    save_checkpoint(tmp_path, Checkpoint(1, {}, {"run": "other"}))
    assert load_checkpoint(tmp_path, "r") is None


def test_no_pickle(tmp_path):
    save_checkpoint(tmp_path, Checkpoint(1, {"a": torch.zeros(1)}, {"run": "r"}))
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} == {".safetensors", ".json"}
