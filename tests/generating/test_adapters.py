import json

import pytest
import torch

from raftune.errors import ConfigError
from raftune.generating.adapters import adapter_from, attach
from raftune.models.weights import load_model
from tests.tiny_model import save_tiny, save_tiny_adapter

KINDS = ({}, {"use_rslora": True}, {"use_dora": True})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("models") / "tiny")


@pytest.mark.parametrize("settings", KINDS, ids=str)
def test_a_layer_changes_as_it_does_with_peft(folder, tmp_path, settings):
    adapter = save_tiny_adapter(folder, tmp_path / "a", wide=0.3, **settings)
    ids = torch.arange(3, 40)[None]
    plain = load_model(folder)
    adapters = attach(plain)
    adapters.open("a", adapter)
    with torch.inference_mode():
        wanted, untouched = load_model(folder, adapter)(ids).logits, plain(ids).logits
        adapters.rows = [("a", None)]
        whole = plain(ids).logits
        adapters.rows = [("a", torch.arange(37))]
        by_rows = plain(ids).logits
    assert torch.allclose(whole, wanted, atol=1e-4)
    assert torch.allclose(by_rows, wanted, atol=1e-4)
    assert not torch.allclose(whole, untouched, atol=1e-2)


def test_layers_with_a_bias(tmp_path):
    torch.manual_seed(0)
    layer = torch.nn.Linear(4, 3)
    given = torch.randn(5, 4)
    from raftune.generating.adapters import Change, add

    made = layer(given).detach().clone()
    length = torch.tensor([1.0, 2.0, 0.5])
    change = Change(torch.randn(4, 2), torch.randn(2, 3), length)
    add(layer, change, given, made, None)
    wanted = (given @ layer.weight.T + given @ change.down @ change.up) * length + layer.bias
    assert torch.allclose(made, wanted.detach(), atol=1e-5)


def test_folders_without_an_adapter_and_adapters_of_others_are_refused(folder, tmp_path):
    layers = dict(load_model(folder).named_modules())
    with pytest.raises(ConfigError, match="no adapter"):
        adapter_from(tmp_path, layers)
    adapter = save_tiny_adapter(folder, tmp_path / "a")
    with pytest.raises(ConfigError, match="not one of this model"):
        adapter_from(adapter, {})
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps({**config, "peft_type": "IA3"}))
    with pytest.raises(ConfigError, match="plain LoRA"):
        adapter_from(adapter, layers)


def test_an_adapter_of_another_size_is_refused(folder, tmp_path):
    adapter = save_tiny_adapter(folder, tmp_path / "a")
    layers = {name: torch.nn.Linear(3, 3) for name in dict(load_model(folder).named_modules())}
    with pytest.raises(ConfigError, match="size"):
        adapter_from(adapter, layers)
