"""A folder of safetensors -> one GGUF file, for llama.cpp, Ollama and what is built on them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from raftune.digest import Json
from raftune.errors import ConfigError
from raftune.models.adapter_gguf import ARCHITECTURES, key_heads, model_config, rope_rows
from raftune.models.extras import optional
from raftune.models.vocabulary import LLAMA3, QWEN2

Numbers = Literal["f32", "f16", "bf16", "q8_0"]
OWN = ("GGUF.", "general.architecture", "general.file_type", "general.quantization_version", "general.name")
ADVICE = "Write it as safetensors, which vLLM and transformers open."
BLOCK = 32  # columns of a row that q8_0 takes together


def write_gguf(folder: Path, origin: Path | None, file: Path, numbers: Numbers, name: str) -> None:
    """Writes the model in `folder` with its vocabulary to `file`; matrices in `numbers`, all else in fp32.

    `origin` is the GGUF file that the model was made from: what it says of the model and its vocabulary is taken over.
    Raises ConfigError for models whose place in GGUF is not known.
    """
    gguf = optional("gguf", "train")
    config = model_config(folder)
    architecture = ARCHITECTURES.get(config["model_type"])
    if architecture is None:
        raise ConfigError(f"No GGUF is known for models of type {config['model_type']}.", ADVICE)
    writer = gguf.GGUFWriter(file, architecture)
    writer.add_name(name)
    writer.add_file_type(file_type(gguf, numbers))
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    if origin is not None:
        take_over(gguf, writer, origin)
    else:
        describe(writer, config)
        add_vocabulary(gguf, writer, folder, config["vocab_size"])
    tensors = list(tensors_of(gguf, folder, config, architecture))
    for place, shape, _ in tensors:
        kind = number_type(gguf, shape, numbers)
        writer.add_tensor_info(place, *info(gguf, shape, kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for _, shape, load in tensors:  # one at a time: the file may be larger than memory
        writer.write_tensor_data(quantized(gguf, load(), number_type(gguf, shape, numbers)))
    writer.close()


def file_type(gguf: Any, numbers: Numbers) -> Any:
    """What the file says of its numbers."""
    kinds = gguf.LlamaFileType
    return {"f32": kinds.ALL_F32, "f16": kinds.MOSTLY_F16, "bf16": kinds.MOSTLY_BF16, "q8_0": kinds.MOSTLY_Q8_0}[
        numbers
    ]


def number_type(gguf: Any, shape: tuple[int, ...], numbers: Numbers) -> Any:
    """How a tensor is kept."""
    kinds = gguf.GGMLQuantizationType
    if len(shape) == 1:
        return kinds.F32
    if numbers == "q8_0" and shape[-1] % BLOCK:
        return kinds.F16
    return kinds[numbers.upper()]


def info(gguf: Any, shape: tuple[int, ...], kind: Any) -> tuple[Any, ...]:
    """Shape in bytes or numbers, number type, bytes and kind, as the writer asks for them."""
    import numpy as np

    dtype = {gguf.GGMLQuantizationType.F32: np.float32, gguf.GGMLQuantizationType.F16: np.float16}.get(kind, np.uint8)
    if dtype is np.uint8:
        shape = gguf.quant_shape_to_byte_shape(shape, kind)
    return shape, np.dtype(dtype), int(np.prod(shape)) * np.dtype(dtype).itemsize, kind


def quantized(gguf: Any, array: Any, kind: Any) -> Any:
    """An fp32 array in another kind of numbers."""
    return gguf.quants.quantize(array, kind)


def tensors_of(gguf: Any, folder: Path, config: Json, architecture: str) -> Iterator[tuple[str, tuple[int, ...], Any]]:
    """Name in GGUF, shape, and a function that loads it as fp32, of each tensor."""
    safe_open = optional("safetensors", "train").safe_open
    kinds = {name: kind for kind, name in gguf.MODEL_ARCH_NAMES.items()}
    places = gguf.get_tensor_name_map(kinds[architecture], config["num_hidden_layers"])
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt") as held:
            for key in held.keys():  # noqa: SIM118 - it is no mapping
                if key == "lm_head.weight" and config.get("tie_word_embeddings"):
                    continue
                place = places.get_name(key, try_suffixes=(".weight", ".bias"))
                if place is None:
                    raise ConfigError(f"The model holds {key}, which has no place in GGUF.", ADVICE)
                shape = tuple(held.get_slice(key).get_shape())
                yield place, shape, loader(path, key, place, config, architecture)


def loader(path: Path, key: str, place: str, config: Json, architecture: str) -> Any:
    """Loads one tensor, its rows in llama.cpp's order."""
    heads = {"attn_q": config["num_attention_heads"], "attn_k": key_heads(config)}
    safe_open = optional("safetensors", "train").safe_open

    def load() -> Any:
        with safe_open(path, "pt") as held:
            array = held.get_tensor(key).float().numpy()
        kind = place.split(".")[-2]
        if architecture == "llama" and kind in heads and array.ndim == 2:
            array = rope_rows(array, heads[kind])
        return array

    return load


def take_over(gguf: Any, writer: Any, origin: Path) -> None:
    """Copies what a GGUF file says of its model."""
    for field in gguf.GGUFReader(origin).fields.values():
        if not field.name.startswith(OWN):
            inner = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(field.name, field.contents(), field.types[0], sub_type=inner)


def describe(writer: Any, config: Json) -> None:
    """Sizes of the model."""
    heads = config["num_attention_heads"]
    width = config.get("head_dim") or config["hidden_size"] // heads
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if rope.get("rope_type", "default") != "default":
        raise ConfigError(f"Positions of the kind {rope['rope_type']} are not written to GGUF here.", ADVICE)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(key_heads(config))
    writer.add_key_length(width)
    writer.add_value_length(width)
    writer.add_rope_dimension_count(width)
    writer.add_rope_freq_base(float(rope.get("rope_theta") or config.get("rope_theta") or 10_000.0))
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])


def add_vocabulary(gguf: Any, writer: Any, folder: Path, size: int) -> None:
    """The vocabulary of a byte-level tokenizer.json. Raises ConfigError for another kind."""
    held = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    if held["model"]["type"] != "BPE" or (pre := split_name(held)) is None:
        raise ConfigError("The model's tokenizer is of a kind that is not written to GGUF here.", ADVICE)
    tokens = {number: text for text, number in held["model"]["vocab"].items()}
    added = {token["id"]: token for token in held["added_tokens"]}
    kinds = gguf.TokenType
    texts, types = [], []
    for number in range(size):
        if number in added:
            texts.append(added[number]["content"])
            types.append(kinds.CONTROL if added[number]["special"] else kinds.USER_DEFINED)
        else:
            texts.append(tokens.get(number, f"[PAD{number}]"))
            types.append(kinds.NORMAL if number in tokens else kinds.UNUSED)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(texts)
    writer.add_token_types(types)
    gguf.SpecialVocab(folder, load_merges=True, n_vocab=size).add_to_gguf(writer, quiet=True)


def split_name(held: Json) -> str | None:
    """llama.cpp's name for how a tokenizer cuts text before it joins bytes; None where it has none that is known."""
    steps = held["pre_tokenizer"].get("pretokenizers") or [held["pre_tokenizer"]]
    patterns = [step["pattern"].get("Regex") for step in steps if step["type"] == "Split"]
    names = [step["type"] for step in steps]
    if patterns:
        return {LLAMA3: "llama-bpe", QWEN2: "qwen2"}.get(patterns[0])
    if names == ["ByteLevel"] and steps[0].get("use_regex", True):
        return "gpt-2"
    return "smollm" if names == ["Digits", "ByteLevel"] else None
