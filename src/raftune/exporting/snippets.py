"""Ready settings for trainers elsewhere, whose maximum length is that of the data."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Any

from raftune.digest import Json
from raftune.exporting.card import environment, resource
from raftune.exporting.tally import SPLITS
from raftune.models.student import EMBEDDED

NAMES = {
    "trl": "train_with_trl.py",
    "unsloth": "train_with_unsloth.py",
    "axolotl": "axolotl.yaml",
    "llama_factory": "llama_factory.yaml",
}
AXOLOTL = {
    "chat": ("messages", "role", "content"),
    "sharegpt": ("conversations", "from", "value"),
}
LLAMA_FACTORY: dict[str, dict[str, Json]] = {
    "chat": {
        "formatting": "sharegpt",
        "columns": {"messages": "messages"},
        "tags": {
            "role_tag": "role",
            "content_tag": "content",
            "user_tag": "user",
            "assistant_tag": "assistant",
            "system_tag": "system",
        },
    },
    "sharegpt": {
        "formatting": "sharegpt",
        "columns": {"messages": "conversations"},
        "tags": {
            "role_tag": "from",
            "content_tag": "value",
            "user_tag": "human",
            "assistant_tag": "gpt",
            "system_tag": "system",
        },
    },
    "alpaca": {
        "formatting": "alpaca",
        "columns": {"prompt": "instruction", "query": "input", "response": "output", "system": "system"},
    },
}


@dataclass(frozen=True)
class Tuning:
    """What settings elsewhere have in common with the project's own training; `model` is a hub id or a folder."""

    model: str
    epochs: int
    rank: int
    alpha: float
    learning_rate: float
    warmup: float
    weight_decay: float
    max_gradient_norm: float
    examples_per_step: int
    seed: int


def hub_name(student: str) -> str:
    """What libraries elsewhere open a student of the settings by; of a path on this machine only its last part."""
    if student == EMBEDDED:
        return "HuggingFaceTB/SmolLM2-135M-Instruct"
    path = PurePath(student)
    return path.name if path.is_absolute() or student.startswith(("~", ".")) else student


def write_snippets(
    stage: Path, trainers: Sequence[str], form: str, data: Sequence[Mapping[str, Any]], tuning: Tuning, lengths: Json
) -> None:
    """A file a trainer, for the data files of a format (each with name, split, rows).

    Nothing is written without a training file: there is nothing to tune on.
    """
    facts = {**facts_of(data, tuning), "folder": form in ("huggingface", "parquet"), **lengths}
    if not facts["train"]:
        return
    for trainer in trainers:
        if trainer == "axolotl":
            facts["form"] = axolotl_form(form)
        if trainer == "llama_factory":
            facts |= write_dataset_info(stage, form, data)
        suffix = Path(NAMES[trainer]).suffix
        text = environment().from_string(resource(f"templates/{trainer}{suffix}.jinja")).render(facts)
        (stage / NAMES[trainer]).write_text(text, encoding="utf-8")


def facts_of(data: Sequence[Mapping[str, Any]], tuning: Tuning) -> dict[str, Any]:
    """What the templates ask for. Where documents were drawn more than once, an epoch reads every draw."""
    training = [file for file in data if file["split"] == "train"]
    epochs = max(1, round(tuning.epochs / max(1, len(training))))
    steps = math.ceil(sum(file["rows"] for file in training) / tuning.examples_per_step) * epochs
    alpha = int(tuning.alpha) if tuning.alpha == int(tuning.alpha) else tuning.alpha
    return {
        **asdict(tuning),
        "alpha": alpha,
        "epochs": epochs,
        "warmup_steps": round(steps * tuning.warmup),
        "learning_rate": f"{tuning.learning_rate:f}".rstrip("0"),
        "train": [file["name"] for file in training],
        "validation": [file["name"] for file in data if file["split"] == "validation"],
    }


def axolotl_form(form: str) -> str:
    """How axolotl reads a file of a format, indented as an entry of its list of data sets."""
    messages, role, content = AXOLOTL[form]
    lines = ["ds_type: json", "split: train", "type: chat_template", f"field_messages: {messages}"]
    lines += ["message_property_mappings:", f"  role: {role}", f"  content: {content}"]
    lines += ["roles_to_train: [assistant]", "train_on_eos: turn"]
    return "\n".join(f"    {line}" for line in lines)


def write_dataset_info(stage: Path, form: str, data: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """dataset_info.json, an entry a file; gives the names of the training and validation entries."""
    names = {file["name"]: f"raftune_{Path(file['name']).stem}".replace("-", "_") for file in data}
    entries = {names[file["name"]]: {"file_name": file["name"], **LLAMA_FACTORY[form]} for file in data}
    text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
    (stage / "dataset_info.json").write_text(text, encoding="utf-8")
    by_split = {split: [names[file["name"]] for file in data if file["split"] == split] for split in SPLITS}
    return {"train_names": ",".join(by_split["train"]), "validation_names": ",".join(by_split["validation"])}
