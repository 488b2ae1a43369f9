import json
from pathlib import Path
from typing import Any

import pytest

from raftune.errors import ConfigError
from raftune.exporting.running_it import Named
from raftune.exporting.tuned import Form, Kind, write_tuned
from raftune.models.weights import load_model, load_tokenizer
from raftune.trainers.lora import plug
from tests.tiny_model import save_tiny
from tests.trainers.test_lora import make_job

NAMED = Named("bank", "org/tiny", 512, ("en", "ko"))


def form(kind: Kind = "safetensors") -> Form:
    return Form(kind, NAMED)


def logits_of(folder: Path, adapter: Path | None = None) -> Any:
    import torch

    with torch.no_grad():
        return load_model(folder, adapter)(torch.arange(40)[None]).logits


@pytest.mark.parametrize("kind", ["lora", "dora", "full"])
def test_the_merged_folder_is_the_tuned_model(tmp_path: Path, kind: str) -> None:
    import torch

    student = save_tiny(tmp_path / "tiny")
    model = plug.train(make_job(tmp_path, student, kind=kind, learning_rate=1e-3))
    trained = tmp_path / "output" / model.adapter
    write_tuned(str(student), model, trained, tmp_path / "merged", form())
    whole, tuned, base = logits_of(tmp_path / "merged"), logits_of(student, trained), logits_of(student)
    assert torch.allclose(whole, tuned, atol=1e-4)
    assert not torch.allclose(whole, base, atol=1e-3)
    assert load_tokenizer(tmp_path / "merged").chat_template == load_tokenizer(student).chat_template
    write_tuned(str(student), model, trained, tmp_path / "merged", form())
    other = save_tiny(tmp_path / "other", seed=1)
    with pytest.raises(ConfigError, match="not the one"):
        write_tuned(str(other), model, trained, tmp_path / "elsewhere", form())
    with pytest.raises(ConfigError, match="no export"):
        write_tuned(str(student), model, trained, tmp_path, form())


def test_activated_adapters_are_refused(tmp_path: Path) -> None:
    student = save_tiny(tmp_path / "tiny")
    model = plug.train(make_job(tmp_path, student, kind="activated"))
    with pytest.raises(ConfigError, match="Activated"):
        write_tuned(str(student), model, tmp_path / "output" / model.adapter, tmp_path / "merged", form())
    assert not (tmp_path / "merged").exists()


def test_a_gguf_folder_has_all_that_ollama_needs(tmp_path: Path) -> None:
    student = save_tiny(tmp_path / "tiny")
    model = plug.train(make_job(tmp_path, student))
    write_tuned(str(student), model, tmp_path / "output" / model.adapter, tmp_path / "g", form("gguf"))
    assert {path.name for path in (tmp_path / "g").iterdir()} == {"README.md", "Modelfile", "card.json", "model.gguf"}
    assert "num_ctx 512" in (tmp_path / "g" / "Modelfile").read_text()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.filterwarnings("ignore::FutureWarning")  # of PEFT, about what transformers renames
@pytest.mark.parametrize("kind", ["lora", "dora", "activated"])
def test_an_exported_adapter_is_the_tuned_model_by_peft_alone(tmp_path: Path, kind: str) -> None:
    import peft
    import torch
    import transformers

    student = save_tiny(tmp_path / "tiny")
    model = plug.train(make_job(tmp_path, student, kind=kind, learning_rate=1e-3))
    trained, folder = tmp_path / "output" / model.adapter, tmp_path / "adapter"
    write_tuned(str(student), model, trained, folder, form("adapter"))
    assert json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"] == "org/tiny"
    base = transformers.AutoModelForCausalLM.from_pretrained(student)
    exported = peft.PeftModel.from_pretrained(base, folder).state_dict()
    held = load_model(student, trained).state_dict()
    same = [name for name in held if "lora_" in name and torch.equal(held[name], exported[name])]
    assert len(same) == sum("lora_" in name for name in held) > 0


def test_all_weights_are_no_adapter(tmp_path: Path) -> None:
    student = save_tiny(tmp_path / "tiny")
    model = plug.train(make_job(tmp_path, student, kind="full"))
    with pytest.raises(ConfigError, match="no adapter"):
        write_tuned(str(student), model, tmp_path / "output" / model.adapter, tmp_path / "a", form("adapter"))
