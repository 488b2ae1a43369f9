"""Opens a folder of safetensors with transformers: local files only, no code from the folder, no progress bars."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from raftune.models.extras import optional


@contextmanager
def quiet() -> Iterator[None]:
    """Turns off transformers' progress bars and remarks inside, and a warning that PEFT cannot help causing."""
    log = optional("transformers", "train").utils.logging
    bars, level = log.is_progress_bar_enabled(), log.get_verbosity()
    log.disable_progress_bar()
    log.set_verbosity_error()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
            yield
    finally:
        log.set_verbosity(level)
        if bars:
            log.enable_progress_bar()


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer of a model folder."""
    transformers = optional("transformers", "train")
    with quiet():
        return transformers.AutoTokenizer.from_pretrained(str(folder), local_files_only=True)


def trained_weights(folder: Path) -> Path:
    """The file of weights in a folder that training wrote: those of an adapter, or all."""
    adapter = folder / "adapter_model.safetensors"
    return adapter if adapter.exists() else folder / "model.safetensors"


def load_model(folder: Path, adapter: Path | None = None, **settings: Any) -> Any:
    """The causal language model of a folder in evaluation mode, with a PEFT adapter folder on it if given; a folder
    with all weights is opened in its place.

    Numbers are fp32 unless `settings`, which transformers is given, say otherwise.
    """
    transformers, torch = optional("transformers", "train"), optional("torch", "train")
    whole = adapter is not None and trained_weights(adapter).name == "model.safetensors"
    with quiet():
        model = transformers.AutoModelForCausalLM.from_pretrained(
            str(adapter if whole else folder),
            **{"dtype": torch.float32, **settings},
            local_files_only=True,
            use_safetensors=True,
        )
        if adapter is not None and not whole:
            model = optional("peft", "train").PeftModel.from_pretrained(model, str(adapter))
    return model.eval()


def ending_ids(model: Any, tokenizer: Any) -> set[int]:
    """The ids that end a reply: the tokenizer's and those of the generation settings."""
    configured = model.generation_config.eos_token_id
    several = configured if isinstance(configured, list) else [configured]
    return {token for token in (tokenizer.eos_token_id, *several) if token is not None}
