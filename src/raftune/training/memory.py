"""How much a pass may hold: measured on the model, against the memory that is free, before training begins."""

import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from raftune.errors import TrainingError
from raftune.training.rows import Row, read_once
from raftune.training.shared_prefix import Way, as_tensor

SAMPLE = 64
SAFE = 0.8
OTHER = 2.0  # what a pass needs beside what it keeps: gradients on their way, copies of keys, the logits

log = logging.getLogger(__name__)


def free_bytes(device: Any, processes: int = 1) -> float:
    """Memory that each of so many processes could take on its device: of a GPU of its own, or its part of the
    machine's within its control group.
    """
    import torch

    if device.type == "cuda":
        return float(torch.cuda.mem_get_info(device)[0])
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        free = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")) / 2
    return min(free, group_bytes(Path("/sys/fs/cgroup"))) / processes


def group_bytes(folder: Path) -> float:
    """What a control group still gives; infinite without a limit."""
    try:
        limit, used = ((folder / f"memory.{name}").read_text(encoding="ascii") for name in ("max", "current"))
        return float("inf") if limit.strip() == "max" else float(limit) - float(used)
    except OSError:
        return float("inf")


def needed_by_updates(parameters: Iterable[Any]) -> float:
    """Bytes that gradients, AdamW's two moments and the best weights so far will take."""
    return float(4 * sum(parameter.numel() * parameter.element_size() for parameter in parameters))


def kept_per_token(model: Any) -> float:
    """Bytes that a forward pass keeps for the backward pass, per token: measured, without the weights."""
    import torch

    held: dict[int, int] = {}
    weights = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}

    def note(tensor: Any) -> Any:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            held[storage.data_ptr()] = storage.nbytes()
        return tensor

    ids = as_tensor(model, [[0] * SAMPLE])
    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        kept = model.base_model(input_ids=ids, use_cache=False).last_hidden_state  # alive while storages are counted
    del kept
    return sum(held.values()) / SAMPLE


def fitted(model: Any, groups: Sequence[Sequence[Row]], way: Way, *, per_token: float, free: float) -> Way:
    """`way` with passes so small, and layers computed again if need be, that the largest group fits `free` bytes.

    Raises TrainingError when even that is too much.
    """
    config = model.config.get_text_config()
    layered = 4.0 * config.hidden_size * config.num_hidden_layers + per_token / config.num_hidden_layers
    needs = [needed(group, way) for group in groups]
    for checkpointing, bytes_each in ((False, per_token), (True, layered)):
        room = SAFE * free / bytes_each / OTHER
        shared, longest = max(needs, key=sum)
        if shared + longest <= room:
            most = min(way.batch_tokens, int(room) - shared)
            if checkpointing or most < way.batch_tokens:
                log.warning(
                    "Memory is short: training takes smaller passes%s.", " and computes layers twice" * checkpointing
                )
            return replace(way, batch_tokens=most, checkpointing=checkpointing)
    wanted = sum(max(needs, key=sum)) * layered * OTHER / SAFE / 1e9
    raise TrainingError(
        f"Training needs about {wanted:.1f} GB of memory, and {free / 1e9:.1f} GB are free.",
        "Show fewer or shorter documents, or choose a smaller student.",
    )


def needed(group: Sequence[Row], way: Way) -> tuple[int, int]:
    """Tokens kept for a group at least: of its documents where they are shared, and of its longest suffix."""
    shared = read_once(group, share=way.share)
    return (0 if way.invocation is not None else shared), max(len(row.tokens) for row in group) - shared


def compute_twice(model: Any) -> None:
    """Lets each layer be computed again for the backward pass. Documents stay: no cache of transformers is in use,
    which it would drop here without a word.
    """
    enable = getattr(model, "activation_checkpointing_enable", None) or model.gradient_checkpointing_enable
    enable({"use_reentrant": False})


def ran_out(error: RuntimeError) -> bool:
    """Whether an error of torch means that memory ran out."""
    return type(error).__name__ == "OutOfMemoryError" or "can't allocate memory" in str(error)


def backed_off(way: Way) -> Way:
    """A way that needs much less memory; said aloud."""
    log.warning("Memory ran out: this step is done again in smaller passes, with layers computed twice.")
    return replace(way, batch_tokens=max(1, way.batch_tokens // 4), checkpointing=True)
