"""Opens a student for training: where it is computed, and with which numbers."""

from pathlib import Path
from typing import Any

from raftune.errors import ConfigError
from raftune.models.extras import optional
from raftune.models.weights import load_model
from raftune.training.options import LoraOptions


def open_student(folder: Path, options: LoraOptions, device: Any) -> Any:
    """The model of a folder on a torch.device; on the CPU where its weights are still to be divided.

    Raises ConfigError where 4-bit weights cannot be had.
    """
    torch = optional("torch", "train")
    gpu = device.type == "cuda"
    if options.quantize == "4bit":
        if not gpu:
            raise ConfigError("4-bit weights need a CUDA GPU, and there is none.", 'Set quantize to "no".')
        optional("bitsandbytes", "train")
        return load_model(folder, dtype=torch.bfloat16, quantization_config=four_bits(), device_map={"": device})
    auto = options.precision == "auto" and options.kind != "full"
    bf16 = options.precision == "bf16" or (auto and gpu and torch.cuda.is_bf16_supported())
    dtype = torch.bfloat16 if bf16 else torch.float32
    return load_model(folder, dtype=dtype).to("cpu" if options.divide_weights else device)


def four_bits() -> Any:
    """NF4 with double quantisation, computed in bf16 (QLoRA, arXiv 2305.14314)."""
    torch, transformers = optional("torch", "train"), optional("transformers", "train")
    return transformers.BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
