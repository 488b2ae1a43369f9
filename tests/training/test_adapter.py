import json

import torch

from raftune.models.weights import load_model
from raftune.training.adapter import add_lora, copies, trained, write_adapter
from raftune.training.options import LoraOptions
from tests.tiny_model import save_tiny, tiny_model


def test_all_projections_are_tuned_and_nothing_else():
    names = trained(add_lora(tiny_model(), LoraOptions(), "tiny"))
    assert len(names) == 2 * 2 * 7
    assert all("lora_" in name for name in names)


def test_written_adapter_opens_and_names_no_path(tmp_path):
    base = save_tiny(tmp_path / "tiny")
    model = add_lora(load_model(base), LoraOptions(rank=2), "tiny")
    with torch.no_grad():
        for parameter in trained(model).values():
            parameter.fill_(0.01)
    first, second = (write_adapter(model, tmp_path / name) for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert str(tmp_path) not in (tmp_path / "a" / "adapter_config.json").read_text()
    assert json.loads((tmp_path / "a" / "adapter_config.json").read_text())["base_model_name_or_path"] == "tiny"
    ids = torch.tensor([[5, 6, 7]])
    with torch.no_grad():
        assert torch.equal(load_model(base, tmp_path / "a")(ids).logits, model.eval()(ids).logits)


def test_copies_do_not_follow():
    tensors = {"a": torch.zeros(2)}
    held = copies(tensors)
    tensors["a"].fill_(1)
    assert torch.equal(held["a"], torch.zeros(2))
