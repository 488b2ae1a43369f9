import json

import numpy as np
import pytest

from raftune.errors import ConfigError
from raftune.models.adapter_gguf import can_convert, effective_alpha, rope_rows, write_adapter_gguf
from raftune.models.weights import load_model
from raftune.providers.llama_cpp import LlamaCpp
from tests.tiny_model import save_tiny, save_tiny_adapter, save_tiny_gguf, tiny_tokenizer

TEXT = "The reserve bank kept its base rate at"


def first_log_probabilities(gguf, adapter, count=20):
    """llama.cpp's log probabilities of the likeliest tokens after TEXT, by token id."""
    model = LlamaCpp(gguf, adapter, threads=1)
    try:
        asked = {"prompt": TEXT, "max_tokens": 1, "temperature": 0, "logprobs": count}
        answer = model.server().handle_completions(asked)
    finally:
        model.close()
    found = answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
    return {entry["id"]: entry["logprob"] for entry in found}


def torch_log_probabilities(folder, adapter):
    import torch

    ids = torch.tensor([tiny_tokenizer()(TEXT)["input_ids"]])
    with torch.no_grad():
        return load_model(folder, adapter)(ids).logits[0, -1].log_softmax(-1)


@pytest.mark.parametrize("settings", [None, {}, {"use_rslora": True}])
def test_llama_cpp_computes_what_torch_computes(tmp_path, settings):
    base, gguf = save_tiny(tmp_path / "m"), save_tiny_gguf(tmp_path / "m.gguf")
    adapter = converted = None
    if settings is not None:
        adapter, converted = save_tiny_adapter(base, tmp_path / "a", **settings), tmp_path / "a.gguf"
        write_adapter_gguf(adapter, base, converted)
    expected = torch_log_probabilities(base, adapter)
    found = first_log_probabilities(gguf, converted)
    assert len(found) == 20
    assert max(abs(float(expected[token]) - value) for token, value in found.items()) < 0.02


def test_the_adapter_matters_in_that_comparison(tmp_path):
    base = save_tiny(tmp_path / "m")
    adapter = save_tiny_adapter(base, tmp_path / "a")
    difference = torch_log_probabilities(base, None) - torch_log_probabilities(base, adapter)
    assert float(difference.abs().max()) > 1.0


def test_what_the_file_says(tmp_path):
    import gguf

    base = save_tiny(tmp_path / "m")
    write_adapter_gguf(save_tiny_adapter(base, tmp_path / "a"), base, tmp_path / "a.gguf")
    reader = gguf.GGUFReader(tmp_path / "a.gguf")
    said = {name: field.contents() for name, field in reader.fields.items()}
    assert (said["general.type"], said["adapter.type"], said["adapter.lora.alpha"]) == ("adapter", "lora", 8.0)
    assert said["general.architecture"] == "llama"
    shapes = {tensor.name: [int(size) for size in tensor.shape] for tensor in reader.tensors}
    assert len(shapes) == 2 * 2 * 7
    assert shapes["blk.1.attn_k.weight.lora_a"] == [64, 4]
    assert shapes["blk.1.attn_k.weight.lora_b"] == [4, 32]


def test_rope_rows_put_halves_side_by_side():
    assert rope_rows(np.arange(8).reshape(8, 1), 2).flatten().tolist() == [0, 2, 1, 3, 4, 6, 5, 7]


def test_scale_of_rank_stabilised_lora():
    assert effective_alpha({"lora_alpha": 8, "r": 4}) == 8
    assert effective_alpha({"lora_alpha": 8, "r": 4, "use_rslora": True}) == 16


def test_other_models_and_kinds_of_lora_are_refused(tmp_path):
    base = save_tiny(tmp_path / "m")
    adapter = save_tiny_adapter(base, tmp_path / "a")
    settings = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps({**settings, "use_dora": True}))
    with pytest.raises(ConfigError, match="use_dora"):
        write_adapter_gguf(adapter, base, tmp_path / "a.gguf")
    (adapter / "adapter_config.json").write_text(json.dumps(settings))
    config = json.loads((base / "config.json").read_text())
    (base / "config.json").write_text(json.dumps({**config, "model_type": "mamba"}))
    assert not can_convert(base)
    with pytest.raises(ConfigError, match="mamba"):
        write_adapter_gguf(adapter, base, tmp_path / "a.gguf")


@pytest.mark.slow
def test_real_student_with_adapter(tmp_path):
    """Q4_1 weights are the same in both, but llama.cpp multiplies them with 8-bit activations."""
    import torch

    from raftune.models.student import EMBEDDED, find_student, safetensors_folder
    from raftune.models.weights import load_tokenizer

    student = find_student(EMBEDDED)
    base = safetensors_folder(student)
    write_adapter_gguf(save_tiny_adapter(base, tmp_path / "a", wide=0.05), base, tmp_path / "a.gguf")
    ids = torch.tensor([load_tokenizer(base)(TEXT)["input_ids"]])
    expected = {}
    for adapter in (None, tmp_path / "a"):
        with torch.no_grad():
            expected[adapter] = load_model(base, adapter)(ids).logits[0, -1].log_softmax(-1)
    plain, tuned = (first_log_probabilities(student.gguf, path) for path in (None, tmp_path / "a.gguf"))
    for adapter, found in ((None, plain), (tmp_path / "a", tuned)):
        assert int(expected[adapter].argmax()) == max(found, key=found.get)
        apart = [abs(float(expected[adapter][token]) - value) for token, value in found.items()]
        assert sum(apart) / len(apart) < 0.2
    moved = expected[tmp_path / "a"] - expected[None]
    assert max(abs(float(moved[token])) for token in tuned) > 1.0
