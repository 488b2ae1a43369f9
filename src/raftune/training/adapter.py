"""What is trained of a model, LoRA or all of it, and the folder that PEFT, transformers or llama.cpp open."""

import json
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from raftune.digest import Json
from raftune.errors import ConfigError
from raftune.models.extras import optional
from raftune.models.weights import quiet
from raftune.training.options import LoraOptions

PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def trainable(model: Any, options: LoraOptions, student: str, invocation: tuple[int, ...] = ()) -> Any:
    """The model with LoRA on it, or itself where all of it is trained. Raises as `add_lora`."""
    return model.requires_grad_() if options.kind == "full" else add_lora(model, options, student, invocation)


def causal_of(model: Any) -> Any:
    """The causal language model under an adapter, or the model itself."""
    return model.get_base_model() if hasattr(model, "peft_config") else model


def add_lora(model: Any, options: LoraOptions, student: str, invocation: tuple[int, ...] = ()) -> Any:
    """The PEFT model with LoRA on the chosen layers, the rest frozen; matrices are fresh, from torch's random state, or
    those of `options.start_from`. `invocation` are the tokens from which on an activated adapter works.

    Raises ConfigError for layers the model does not have, or an adapter that does not fit.
    """
    peft = optional("peft", "train")
    names = {name.rsplit(".", 1)[-1] for name, _ in model.named_modules()}
    if missing := sorted(set(options.targets) - names):
        raise ConfigError(f"The student has no layer {missing[0]}.", "Mend targets under [train].")
    present = list(options.targets) or [name for name in PROJECTIONS if name in names]
    config = peft.LoraConfig(
        r=options.rank,
        lora_alpha=options.alpha,
        lora_dropout=0.0,
        bias="none",
        task_type="CAUSAL_LM",
        target_modules=present or "all-linear",
        use_rslora=options.kind == "rslora",
        use_dora=options.kind == "dora",
        alora_invocation_tokens=list(invocation) if options.kind == "activated" else None,
    )
    with quiet():
        tuned = peft.get_peft_model(model, config)
    config.base_model_name_or_path = student
    if options.start_from:
        load_adapter(tuned, Path(options.start_from).expanduser())
    return tuned


def load_adapter(model: Any, folder: Path) -> None:
    """Puts the weights of a PEFT folder into a PEFT model. Raises ConfigError unless all of them fit."""
    from safetensors.torch import load_file

    peft = optional("peft", "train")
    wanted = peft.get_peft_model_state_dict(model, save_embedding_layers=False)
    try:
        held = load_file(folder / WEIGHTS)
    except OSError as error:
        raise ConfigError(
            f"There is no adapter in {folder.name}.", f"start_from names a folder with {WEIGHTS}."
        ) from error
    if {name: tensor.shape for name, tensor in held.items()} != {name: tensor.shape for name, tensor in wanted.items()}:
        advice = "Train with the rank, kind and targets of that adapter."
        raise ConfigError(f"The adapter in {folder.name} does not fit this student and these options.", advice)
    peft.set_peft_model_state_dict(model, held)


def trained(model: Any) -> dict[str, Any]:
    """The trained parameters by name, in the model's order."""
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def copies(tensors: Mapping[str, Any]) -> dict[str, Any]:
    """Detached copies on the CPU."""
    return {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}


def write_trained(model: Any, folder: Path) -> None:
    """Writes what was trained: an adapter as a PEFT folder, all weights as a folder of transformers."""
    if hasattr(model, "peft_config"):
        write_adapter(model, folder)
    else:
        with quiet():
            model.save_pretrained(folder)


def write_adapter(model: Any, folder: Path) -> Path:
    """Writes the adapter as a PEFT folder; returns the path of its weights. Equal weights give equal bytes."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    state = optional("peft", "train").get_peft_model_state_dict(model, save_embedding_layers=False)
    save_file({name: tensor.contiguous() for name, tensor in copies(state).items()}, folder / WEIGHTS, {"format": "pt"})
    fields = {**model.peft_config["default"].to_dict(), "inference_mode": True}
    text = json.dumps({name: plain(value) for name, value in fields.items()}, indent=2, sort_keys=True)
    (folder / CONFIG).write_text(text + "\n", encoding="utf-8")
    return folder / WEIGHTS


def plain(value: Any) -> Json:
    """A configuration value as JSON; sets in order, so that the file does not change from run to run."""
    if isinstance(value, set):
        return sorted(value)
    return value.value if isinstance(value, Enum) else value
