"""The tuned student as one folder for other programs: the adapter alone, merged safetensors, or one GGUF file."""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from raftune.digest import Json
from raftune.errors import ConfigError
from raftune.exporting.folder import CARD, MARK, file_facts, staged
from raftune.exporting.gguf_file import Numbers, write_gguf
from raftune.exporting.running_it import ADAPTER_GGUF, GGUF_FILE, Named, modelfile, read_me
from raftune.models.student import Student, find_student, safetensors_folder
from raftune.models.weights import load_model, load_tokenizer, quiet, trained_weights
from raftune.records import TrainedModel
from raftune.report_records import Report

Kind = Literal["adapter", "safetensors", "gguf"]
CONFIG = "adapter_config.json"
PEFT_FILES = (CONFIG, "adapter_model.safetensors", ADAPTER_GGUF)


@dataclass(frozen=True)
class Form:
    """What is written: `numbers` are those of a GGUF file's matrices, `named` what its readers call model and base,
    `report` what its card tells of results.
    """

    kind: Kind
    named: Named
    numbers: Numbers = "f16"
    report: Report | None = None


def write_tuned(
    student: str, model: TrainedModel, trained: Path, folder: Path, form: Form, *, force: bool = False
) -> None:
    """Writes what training made of a student to `folder`, with a README that says how to run it; see `staged`.

    Raises ConfigError for a student that is not the one that was tuned, an adapter that works on answers only and is to
    be merged, all weights where an adapter is asked for, or a model that has no place in GGUF.
    """
    found = find_student(student)
    if found.fingerprint != model.base:
        raise ConfigError("The student in the settings is not the one that was tuned.", "Run `raftune run` again.")
    with staged(folder, force=force) as stage:
        if form.kind == "adapter":
            copy_adapter(trained, stage, form.named.base)
        else:
            refuse_activated(trained)
            write_whole(found, trained, stage, form)
        (stage / "README.md").write_text(read_me(form.kind, form.named, names_in(stage), form.report), encoding="utf-8")
        origin = {"student": found.name, "base": model.base, "adapter_sha256": model.adapter_sha256}
        card = {MARK: 1, "form": form.kind, **origin, "files": file_facts(stage)}
        (stage / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def names_in(stage: Path) -> set[str]:
    """The files that are there."""
    return {path.name for path in stage.iterdir()}


def copy_adapter(trained: Path, stage: Path, base: str) -> None:
    """PEFT's two files, and the GGUF adapter where there is one; the base is named as others open it."""
    if not (trained / CONFIG).exists():
        raise ConfigError("All weights were tuned: there is no adapter.", "Run `raftune export safetensors`.")
    for name in PEFT_FILES:
        if (trained / name).exists():
            shutil.copyfile(trained / name, stage / name)
    config = adapter_config(stage) | {"base_model_name_or_path": base}
    (stage / CONFIG).write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def write_whole(found: Student, trained: Path, stage: Path, form: Form) -> None:
    """Weights with what training added to them: a folder that transformers opens, or a GGUF file and a Modelfile."""
    base = safetensors_folder(found)
    if form.kind == "safetensors":
        return save_merged(base, trained, stage)
    with tempfile.TemporaryDirectory(dir=stage.parent, prefix=".merging-") as name:
        merged = Path(name)
        save_merged(base, trained, merged)
        write_gguf(merged, found.gguf, stage / GGUF_FILE, form.numbers, form.named.name)
    template = load_tokenizer(base).chat_template or ""
    (stage / "Modelfile").write_text(modelfile(template, form.named.context), encoding="utf-8")
    return None


def save_merged(base: Path, trained: Path, folder: Path) -> None:
    """The model in `base` with what training added, as safetensors with its tokenizer."""
    tuned = load_model(base, trained)
    if hasattr(tuned, "peft_config"):
        tuned = tuned.merge_and_unload()
    with quiet():
        tuned.save_pretrained(folder)
        load_tokenizer(base).save_pretrained(folder)


def refuse_activated(trained: Path) -> None:
    """Raises ConfigError for activated LoRA, whose base has to read documents without it."""
    if trained_weights(trained).name == "model.safetensors":
        return
    if adapter_config(trained).get("alora_invocation_tokens"):
        raise ConfigError(
            "Activated LoRA cannot be merged: it leaves the base as it is.", "Run `raftune export adapter`."
        )


def adapter_config(folder: Path) -> dict[str, Json]:
    """PEFT's settings of an adapter."""
    held: dict[str, Json] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    return held
