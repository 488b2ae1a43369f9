"""The tuned student as one folder of safetensors, which opens without PEFT and without raftune."""

import json
from pathlib import Path

from raftune.errors import ConfigError
from raftune.exporting.folder import CARD, MARK, file_facts, staged
from raftune.models.student import find_student, safetensors_folder
from raftune.models.weights import load_model, load_tokenizer, quiet, trained_weights
from raftune.records import TrainedModel


def write_merged(student: str, model: TrainedModel, trained: Path, folder: Path, *, force: bool = False) -> None:
    """Writes weights with what training added to them, tokenizer and chat template to `folder`; see `staged`.

    Raises ConfigError for a student that is not the one that was tuned, or an adapter that works on answers only.
    """
    found = find_student(student)
    if found.fingerprint != model.base:
        raise ConfigError("The student in the settings is not the one that was tuned.", "Run `raftune run` again.")
    refuse_activated(trained)
    base = safetensors_folder(found)
    with staged(folder, force=force) as stage:
        tuned = load_model(base, trained)
        if hasattr(tuned, "peft_config"):
            tuned = tuned.merge_and_unload()
        with quiet():
            tuned.save_pretrained(stage)
            load_tokenizer(base).save_pretrained(stage)
        origin = {"student": found.name, "base": model.base, "adapter_sha256": model.adapter_sha256}
        card = {MARK: 1, **origin, "files": file_facts(stage)}
        (stage / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def refuse_activated(trained: Path) -> None:
    """Raises ConfigError for activated LoRA, whose base has to read documents without it."""
    if trained_weights(trained).name == "model.safetensors":
        return
    config = json.loads((trained / "adapter_config.json").read_text(encoding="utf-8"))
    if config.get("alora_invocation_tokens"):
        raise ConfigError("Activated LoRA cannot be merged: it leaves the base as it is.", "Use the adapter folder.")
