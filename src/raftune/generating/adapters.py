"""Several adapters on one model: each token of a step goes through those of its own request."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from raftune.errors import ConfigError

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
LEAD = "base_model.model."
ADVICE = "Merge it into its base with `raftune merge`, and serve that folder."


@dataclass(frozen=True)
class Change:
    """What an adapter adds to a linear layer: x @ down @ up; `length` are DoRA's factors of the outputs, or None."""

    down: Any
    up: Any
    length: Any = None


@dataclass(frozen=True)
class Adapter:
    """The changes of an adapter by layer. One with `invocation` works from these tokens on (activated LoRA)."""

    changes: Mapping[str, Change]
    invocation: tuple[int, ...] = ()


@dataclass
class Adapters:
    """All open adapters of a model, and which rows of the step that is computed are theirs.

    `rows`: pairs of an adapter's name and the indices of its tokens in the step, None for all of them.
    """

    layers: Mapping[str, Any]
    opened: dict[str, Adapter] = field(default_factory=dict)
    rows: Sequence[tuple[str, Any]] = ()

    def open(self, name: str, folder: Path) -> None:
        """Opens a PEFT folder. Raises ConfigError for one that is no LoRA of this model."""
        self.opened[name] = adapter_from(folder, self.layers)


def attach(model: Any) -> Adapters:
    """Lets the linear layers of a transformers model take adapters."""
    import torch

    layers = {name: module for name, module in model.named_modules() if isinstance(module, torch.nn.Linear)}
    adapters = Adapters(layers)
    for name, layer in layers.items():
        layer.register_forward_hook(changing(name, adapters))
    return adapters


def changing(name: str, adapters: Adapters) -> Any:
    """A hook behind a layer that adds what adapters change."""

    def hook(layer: Any, given: tuple[Any, ...], made: Any) -> Any:
        for adapter, rows in adapters.rows:
            if (change := adapters.opened[adapter].changes.get(name)) is not None:
                add(layer, change, given[0][0], made[0], rows)
        return made

    return hook


def add(layer: Any, change: Change, given: Any, made: Any, rows: Any) -> None:
    """Adds a change, in place, to the rows (tokens, outputs) that a layer made of (tokens, inputs)."""
    some = given if rows is None else given[rows]
    if change.length is None and rows is None:
        made.addmm_(some @ change.down, change.up)
        return
    more = some @ change.down @ change.up
    if change.length is not None:
        plain = made if rows is None else made[rows]
        if layer.bias is not None:
            plain = plain - layer.bias
        more = plain * (change.length - 1) + more * change.length
    if rows is None:
        made.add_(more)
    else:
        made.index_add_(0, rows, more)


def adapter_from(folder: Path, layers: Mapping[str, Any]) -> Adapter:
    """The adapter in a PEFT folder. Raises ConfigError for one that is no LoRA of a model with these layers."""
    from safetensors.torch import load_file

    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        held = load_file(folder / WEIGHTS)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"There is no adapter in {folder.name}.", f"It has to hold {CONFIG} and {WEIGHTS}."
        ) from error
    if config.get("peft_type") != "LORA" or config.get("rank_pattern") or config.get("alpha_pattern"):
        raise ConfigError(f"{folder.name} is not an adapter of plain LoRA.", ADVICE)
    names = {name.removeprefix(LEAD).rpartition(".lora_")[0] for name in held}
    if not names or not names <= set(layers):
        raise ConfigError(f"The adapter in {folder.name} is not one of this model.", "Name the base it was trained on.")
    root = config["r"] ** 0.5 if config.get("use_rslora") else config["r"]
    changes = {name: change_of(name, held, layers[name], config["lora_alpha"] / root) for name in sorted(names)}
    return Adapter(changes, tuple(config.get("alora_invocation_tokens") or ()))


def change_of(name: str, held: Mapping[str, Any], layer: Any, scale: float) -> Change:
    """The change of one layer. Raises ConfigError where shapes differ."""
    down, up = held[f"{LEAD}{name}.lora_A.weight"], held[f"{LEAD}{name}.lora_B.weight"] * scale
    if (up.shape[0], down.shape[1]) != tuple(layer.weight.shape):
        raise ConfigError(f"The adapter does not fit the model: {name} has another size.", "Name the right base.")
    down, up = (tensor.to(layer.weight).contiguous() for tensor in (down, up))
    magnitude = held.get(f"{LEAD}{name}.lora_magnitude_vector")
    if magnitude is None:
        return Change(down.T, up.T)
    length = magnitude.to(layer.weight) / (layer.weight + up @ down).norm(dim=1)
    return Change(down.T, up.T, length)
