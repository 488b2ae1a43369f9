"""GGUF -> folder of safetensors and tokenizer, for torch: once, and visible only when whole."""

import io
import os
import shutil
import tempfile
from contextlib import redirect_stderr
from pathlib import Path

from raftune.errors import ConfigError
from raftune.models.extras import optional
from raftune.models.weights import quiet


def convert_gguf(gguf: Path, folder: Path) -> None:
    """Writes `folder` with the weights of `gguf` as fp32. Raises ConfigError if transformers cannot read the file."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="making-") as temporary:
        whole = Path(temporary) / "whole"
        write_safetensors(gguf, whole)
        publish(whole, folder)


def write_safetensors(gguf: Path, folder: Path) -> None:
    """Dequantises the weights and saves them with the tokenizer in `folder`."""
    transformers = optional("transformers", "train")
    torch = optional("torch", "train")
    optional("gguf", "train")
    where = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name, "local_files_only": True}
    try:
        with quiet(), redirect_stderr(io.StringIO()):  # the bar of dequantising cannot be turned off
            model = transformers.AutoModelForCausalLM.from_pretrained(dtype=torch.float32, **where)
            tokenizer = transformers.AutoTokenizer.from_pretrained(**where)
            # What was dequantised would otherwise be saved, and refused, as still quantised.
            model.hf_quantizer, model.is_quantized = None, False
            if hasattr(model.config, "quantization_config"):
                del model.config.quantization_config
            model.save_pretrained(folder)
            tokenizer.save_pretrained(folder)
    except (ValueError, KeyError, NotImplementedError, ImportError) as error:
        raise ConfigError(
            f"{gguf.name} cannot be read for training ({error}).", "Name a folder of safetensors."
        ) from error


def publish(whole: Path, folder: Path) -> None:
    """Renames a finished folder into place; keeps the one that another process made meanwhile."""
    for path in whole.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    try:
        whole.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(whole)
