"""Settings for other trainers: they parse, name keys that exist, and hold the longest row."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from raftune.exporting.snippets import hub_name
from tests.exporting.made_set import FORMATS, exported, make_example

yaml = pytest.importorskip("yaml")

# As of trl 1.16 with transformers 5.23, unsloth 2026.10.9, axolotl 0.19.0, LLaMA-Factory 0.9.5 with transformers 5.6.
SFT = {
    "output_dir", "max_length", "completion_only_loss", "packing", "num_train_epochs", "learning_rate", "seed",
    "lr_scheduler_type", "warmup_steps", "weight_decay", "max_grad_norm", "per_device_train_batch_size",
    "gradient_accumulation_steps", "eval_strategy", "dataset_text_field",
}  # fmt: skip
AXOLOTL = {
    "base_model", "chat_template", "datasets", "test_datasets", "sequence_len", "excess_length_strategy",
    "sample_packing", "train_on_inputs", "adapter", "lora_r", "lora_alpha", "lora_dropout", "lora_target_linear",
    "num_epochs", "micro_batch_size", "gradient_accumulation_steps", "optimizer", "learning_rate", "lr_scheduler",
    "warmup_steps", "weight_decay", "max_grad_norm", "bf16", "seed", "output_dir",
}  # fmt: skip
AXOLOTL_DATASET = {
    "path", "ds_type", "split", "type", "field_messages", "message_property_mappings", "roles_to_train", "train_on_eos",
}  # fmt: skip
LLAMA_FACTORY = {
    "model_name_or_path", "stage", "do_train", "finetuning_type", "lora_rank", "lora_alpha", "lora_dropout",
    "lora_target", "dataset_dir", "dataset", "eval_dataset", "eval_strategy", "cutoff_len", "packing",
    "train_on_prompt", "num_train_epochs", "per_device_train_batch_size", "gradient_accumulation_steps",
    "learning_rate", "lr_scheduler_type", "warmup_steps", "weight_decay", "max_grad_norm", "seed", "output_dir",
}  # fmt: skip
ROWS = [make_example(number, draw=number % 2) for number in range(20)] + [make_example(30, "validation")]


def keywords(path: Path, call: str) -> dict[str, Any]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    [found] = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == call
    ]
    return {keyword.arg or "": keyword.value for keyword in found.keywords}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("rows", [ROWS, ROWS[:20]], ids=["with validation", "without"])
def test_settings_parse_and_hold_the_longest_row(tmp_path: Path, form: str, rows: list[Any]) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    card = exported(tmp_path / "out", rows, form).card
    room, written = card["lengths"]["room"], set[str]()
    for path in (tmp_path / "out").glob("*.py"):
        given = keywords(path, "SFTConfig")
        assert given.keys() <= SFT
        assert given["num_train_epochs"].value == 2  # type: ignore[attr-defined] - three epochs over two draws
        assert f"{room}" in path.read_text()
        written.add(path.stem)
    for path in (tmp_path / "out").glob("*.yaml"):
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert found.keys() <= (AXOLOTL if path.stem == "axolotl" else LLAMA_FACTORY)
        assert found["sequence_len" if path.stem == "axolotl" else "cutoff_len"] == room
        assert isinstance(found["learning_rate"], float)
        written.add(path.stem)
    assert written


def test_files_are_named_as_they_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    exported(folder, ROWS, "sharegpt")
    found = yaml.safe_load((folder / "axolotl.yaml").read_text())
    assert [entry["path"] for entry in found["datasets"]] == ["train.jsonl", "train-draw-2.jsonl"]
    assert all(entry.keys() <= AXOLOTL_DATASET for entry in found["datasets"] + found["test_datasets"])
    assert found["datasets"][0]["message_property_mappings"] == {"role": "from", "content": "value"}
    info = json.loads((folder / "dataset_info.json").read_text())
    factory = yaml.safe_load((folder / "llama_factory.yaml").read_text())
    assert factory["dataset"].split(",") == ["raftune_train", "raftune_train_draw_2"]
    assert factory["eval_dataset"] == "raftune_validation"
    assert {name: entry["file_name"] for name, entry in info.items()} == {
        "raftune_train": "train.jsonl",
        "raftune_train_draw_2": "train-draw-2.jsonl",
        "raftune_validation": "validation.jsonl",
    }


def test_keys_exist_in_the_installed_transformers() -> None:
    transformers = pytest.importorskip("transformers")
    own = {"max_length", "completion_only_loss", "packing", "dataset_text_field"}
    assert transformers.TrainingArguments.__dataclass_fields__.keys() >= SFT - own


def test_no_path_of_this_machine_is_named() -> None:
    assert hub_name("smollm2-135m-instruct") == "HuggingFaceTB/SmolLM2-135M-Instruct"
    assert hub_name("org/model") == "org/model"
    assert hub_name("/home/someone/models/qwen.gguf") == "qwen.gguf"
    assert hub_name("~/models/qwen") == "qwen"
