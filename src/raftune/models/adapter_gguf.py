"""PEFT LoRA folder -> GGUF adapter for llama.cpp, without torch."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from raftune.digest import Json
from raftune.errors import ConfigError
from raftune.models.extras import optional

ARCHITECTURES = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3"}
PREFIX = "base_model.model."
SIDES = {".lora_A.weight": ".lora_a", ".lora_B.weight": ".lora_b"}
USE_TORCH = "Answer with the transformers provider instead."


def can_convert(base: Path) -> bool:
    """Whether adapters of the model in folder `base` have a known place in GGUF."""
    return model_config(base)["model_type"] in ARCHITECTURES


def write_adapter_gguf(adapter: Path, base: Path, output: Path) -> None:
    """Writes the LoRA of PEFT folder `adapter`, trained on the model in folder `base`, to the file `output`.

    Raises ConfigError for kinds of LoRA or models that llama.cpp does not apply.
    """
    gguf = optional("gguf", "train")
    config, lora = model_config(base), adapter_config(adapter)
    architecture = ARCHITECTURES.get(config["model_type"])
    if architecture is None:
        raise ConfigError(f"No GGUF adapter is known for models of type {config['model_type']}.", USE_TORCH)
    writer = gguf.GGUFWriter(output, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", effective_alpha(lora))
    if invocation := lora.get("alora_invocation_tokens"):
        writer.add_array("adapter.alora.invocation_tokens", invocation)
    for name, tensor in gguf_tensors(adapter, config, architecture):
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def gguf_tensors(adapter: Path, config: Json, architecture: str) -> Iterator[tuple[str, Any]]:
    """(GGUF name, fp32 array) of each LoRA matrix, in the order of their names."""
    gguf = optional("gguf", "train")
    tensors: Mapping[str, Any] = optional("safetensors.numpy", "train").load_file(adapter / "adapter_model.safetensors")
    kinds = {name: kind for kind, name in gguf.MODEL_ARCH_NAMES.items()}
    names = gguf.get_tensor_name_map(kinds[architecture], config["num_hidden_layers"])
    heads = {"attn_q": config["num_attention_heads"], "attn_k": key_heads(config)}
    for key in sorted(tensors):
        side = next((side for side in SIDES if key.endswith(side)), None)
        place = names.get_name(key.removeprefix(PREFIX).removesuffix(side)) if side else None
        if side is None or place is None:
            raise ConfigError(f"The adapter holds {key}, which has no place in a GGUF adapter.", USE_TORCH)
        tensor = tensors[key].astype("float32")
        kind = place.rsplit(".", 1)[-1]
        if side == ".lora_B.weight" and architecture == "llama" and kind in heads:
            tensor = rope_rows(tensor, heads[kind])
        yield f"{place}.weight{SIDES[side]}", tensor


def rope_rows(matrix: Any, heads: int) -> Any:
    """Rows (heads x 2 halves x n) in llama.cpp's order (heads x n pairs), which rotates neighbours, not halves."""
    rows, columns = matrix.shape
    return matrix.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns).copy()


def effective_alpha(lora: Json) -> float:
    """The alpha that, divided by the rank as llama.cpp does, gives the adapter's scale; rsLoRA divides by its root."""
    return float(lora["lora_alpha"] * (math.sqrt(lora["r"]) if lora.get("use_rslora") else 1.0))


def adapter_config(adapter: Path) -> Json:
    """The PEFT configuration. Raises ConfigError for variants of LoRA that GGUF cannot hold."""
    lora = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    for field in ("use_dora", "modules_to_save", "rank_pattern", "alpha_pattern"):
        if lora.get(field):
            raise ConfigError(f"The adapter uses {field}, which a GGUF adapter cannot hold.", USE_TORCH)
    return lora


def model_config(base: Path) -> Json:
    """config.json of a model folder."""
    return json.loads((base / "config.json").read_text(encoding="utf-8"))


def key_heads(config: Json) -> int:
    """The number of key and value heads, which is that of the query heads unless said otherwise."""
    return int(config.get("num_key_value_heads") or config["num_attention_heads"])
