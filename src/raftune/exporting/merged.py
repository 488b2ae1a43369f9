"""The tuned student as one folder that opens without PEFT and without raftune: safetensors, or GGUF."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from raftune.errors import ConfigError
from raftune.exporting.folder import CARD, MARK, file_facts, staged
from raftune.exporting.gguf_file import Numbers, write_gguf
from raftune.exporting.running_it import GGUF_FILE, modelfile, read_me
from raftune.models.student import Student, find_student, safetensors_folder
from raftune.models.weights import load_model, load_tokenizer, quiet, trained_weights
from raftune.records import TrainedModel


@dataclass(frozen=True)
class Form:
    """What is written: a folder of safetensors, or with `numbers` a GGUF file whose matrices are kept so.

    `name` is what programs that list models call it; `context` how many tokens they should read.
    """

    name: str = "raftune"
    numbers: Numbers | None = None
    context: int = 4096


def write_merged(
    student: str, model: TrainedModel, trained: Path, folder: Path, form: Form | None = None, *, force: bool = False
) -> None:
    """Writes weights with what training added to them, tokenizer and chat template to `folder`; see `staged`.

    Raises ConfigError for a student that is not the one that was tuned, an adapter that works on answers only, or a
    model that has no place in GGUF.
    """
    wanted, found = form or Form(), find_student(student)
    if found.fingerprint != model.base:
        raise ConfigError("The student in the settings is not the one that was tuned.", "Run `raftune run` again.")
    refuse_activated(trained)
    base = safetensors_folder(found)
    with staged(folder, force=force) as stage:
        if wanted.numbers is None:
            save_merged(base, trained, stage)
        else:
            write_gguf_folder(found, base, trained, stage, wanted)
        (stage / "README.md").write_text(read_me(wanted.name, wanted.context, gguf=bool(wanted.numbers)), "utf-8")
        origin = {"student": found.name, "base": model.base, "adapter_sha256": model.adapter_sha256}
        card = {MARK: 1, **origin, "files": file_facts(stage)}
        (stage / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def save_merged(base: Path, trained: Path, folder: Path) -> None:
    """The model in `base` with what training added, as safetensors with its tokenizer."""
    tuned = load_model(base, trained)
    if hasattr(tuned, "peft_config"):
        tuned = tuned.merge_and_unload()
    with quiet():
        tuned.save_pretrained(folder)
        load_tokenizer(base).save_pretrained(folder)


def write_gguf_folder(found: Student, base: Path, trained: Path, stage: Path, form: Form) -> None:
    """One GGUF file, and a Modelfile for Ollama."""
    with tempfile.TemporaryDirectory(dir=stage.parent, prefix=".merging-") as name:
        merged = Path(name)
        save_merged(base, trained, merged)
        write_gguf(merged, found.gguf, stage / GGUF_FILE, form.numbers or "f16", form.name)
        template = load_tokenizer(base).chat_template or ""
    (stage / "Modelfile").write_text(modelfile(template, form.context), encoding="utf-8")


def refuse_activated(trained: Path) -> None:
    """Raises ConfigError for activated LoRA, whose base has to read documents without it."""
    if trained_weights(trained).name == "model.safetensors":
        return
    config = json.loads((trained / "adapter_config.json").read_text(encoding="utf-8"))
    if config.get("alora_invocation_tokens"):
        raise ConfigError("Activated LoRA cannot be merged: it leaves the base as it is.", "Use the adapter folder.")
