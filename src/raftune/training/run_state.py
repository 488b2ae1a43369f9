"""Where a run stands, and how that is saved and found again."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from raftune.digest import Json
from raftune.training.adapter import copies, trained
from raftune.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint


@dataclass
class RunState:
    """All of a run that is not in tensors, as it stands after `step` steps.

    `share`, `flat`, `batch_tokens` and `checkpointing` are how rows are computed (`Way`); `loss` and `labels` add up
    since the last validation; `chosen` tells of the best adapter so far; `worse` counts validations since then.
    """

    run: str
    step: int = 0
    way: dict[str, Json] = field(default_factory=dict)
    loss: float = 0.0
    labels: int = 0
    lines: list[list[Json]] = field(default_factory=list)
    chosen: dict[str, Json] = field(default_factory=dict)
    worse: int = 0
    stopped: bool = False


def save(work: Path, state: RunState, model: Any, optimizer: Any, best: dict[str, Any]) -> None:
    """Writes a checkpoint into `work`: the adapter, the optimizer, the best adapter, the random state, the rest."""
    import torch

    tensors = {f"adapter.{name}": tensor for name, tensor in copies(trained(model)).items()}
    for number, slots in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{name}": tensor for name, tensor in copies(slots).items()}
    tensors |= {f"best.{name}": tensor for name, tensor in best.items()}
    tensors["random"] = torch.get_rng_state()
    save_checkpoint(work, Checkpoint(state.step, tensors, asdict(state)))


def resume(work: Path, run: str, model: Any, optimizer: Any) -> tuple[RunState, dict[str, Any]] | None:
    """Puts the last checkpoint of that run into model, optimizer and random state; its state and best adapter."""
    import torch

    found = load_checkpoint(work, run)
    if found is None:
        return None
    put(model, {name: found.tensors[f"adapter.{name}"] for name in trained(model)})
    slots: dict[int, dict[str, Any]] = {}
    for name, tensor in found.tensors.items():
        if name.startswith("optimizer."):
            _, number, slot = name.split(".")
            slots.setdefault(int(number), {})[slot] = tensor
    optimizer.load_state_dict({"state": slots, "param_groups": optimizer.state_dict()["param_groups"]})
    torch.set_rng_state(found.tensors["random"])
    best = {name.removeprefix("best."): tensor for name, tensor in found.tensors.items() if name.startswith("best.")}
    return RunState(**found.state), best


def put(model: Any, tensors: dict[str, Any]) -> None:
    """Copies tensors into the trained parameters of the same names."""
    import torch

    with torch.no_grad():
        for name, parameter in trained(model).items():
            parameter.copy_(tensors[name])
