"""The training loop: steps in order, checkpoints on the way, the best or the last adapter at the end."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from raftune.contracts import Progress
from raftune.digest import Json
from raftune.errors import TrainingError
from raftune.training.adapter import copies, trained
from raftune.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from raftune.training.metrics import line_of, mean_loss
from raftune.training.options import LoraOptions
from raftune.training.schedule import Group, Step, learning_rate
from raftune.training.shared_prefix import Tally, can_share, plain_head, run_group, same_gradients

ENOUGH_VALIDATION = 8

log = logging.getLogger(__name__)


@dataclass
class Progressed:
    """All of a run that is not in tensors, as it stands after `step` steps."""

    run: str
    step: int = 0
    share: bool = True
    epoch_loss: float = 0.0
    epoch_labels: int = 0
    lines: list[list[Json]] = field(default_factory=list)
    chosen: dict[str, Json] = field(default_factory=dict)


@dataclass
class Run:
    """A model in training; `model` carries LoRA (PEFT), `best` is the chosen epoch's adapter once there is one."""

    model: Any
    options: LoraOptions
    steps: Sequence[Step]
    validation: Sequence[Group]
    work: Path
    progress: Progress
    state: Progressed
    optimizer: Any = None
    best: dict[str, Any] = field(default_factory=dict)

    def train(self) -> None:
        """Runs the steps that are left and leaves the chosen adapter in the model. Raises TrainingError."""
        import torch

        rate, decay = self.options.learning_rate, self.options.weight_decay
        self.optimizer = torch.optim.AdamW(trained(self.model).values(), lr=rate, weight_decay=decay)
        self.check_head()
        if not self.resume():
            self.state.share = self.options.share_prefix and self.sharing_works()
        while self.state.step < len(self.steps):
            self.advance(self.steps[self.state.step])
        with torch.no_grad():
            for name, parameter in trained(self.model).items():
                parameter.copy_(self.best[name])

    def advance(self, step: Step) -> None:
        """One optimizer step with what follows it: validation, checkpoint, a word on progress."""
        began = time.monotonic()
        tally = self.learn(step)
        seconds = time.monotonic() - began
        validation = self.validate() if step.ends_epoch and self.validation else None
        self.state.step += 1
        self.state.epoch_loss += tally.loss
        self.state.epoch_labels += tally.labels
        self.state.lines.append(line_of(self.state.step, tally, validation))
        if step.ends_epoch:
            self.choose(step.epoch, validation)
        if step.ends_epoch or self.state.step % self.options.save_every == 0:
            self.save()
        tokens = sum(len(row.tokens) for group in step.groups for row in group)
        words = f"loss {tally.loss / tally.labels:.2f}, {tokens / seconds:.0f} tokens/s"
        self.progress(self.state.step, len(self.steps), words)

    def learn(self, step: Step) -> Tally:
        """Gradients of all groups, normalised by the labels of the whole step, then one update."""
        import torch

        causal = self.model.get_base_model()
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.state.step, len(self.steps), self.options)
        self.optimizer.zero_grad(set_to_none=True)
        tally = Tally()
        for rows in step.groups:
            tally += run_group(causal, rows, step.labels, share=self.state.share)
        norm = torch.nn.utils.clip_grad_norm_(trained(self.model).values(), self.options.max_gradient_norm)
        if not torch.isfinite(norm):
            raise TrainingError(f"The gradient of step {self.state.step + 1} is not finite.", "Lower learning_rate.")
        self.optimizer.step()
        return tally

    def validate(self) -> Tally:
        """The tally of the validation rows, by the same path."""
        import torch

        causal = self.model.get_base_model()
        with torch.no_grad():
            return sum((run_group(causal, rows, 1, share=self.state.share) for rows in self.validation), Tally())

    def choose(self, epoch: int, validation: Tally | None) -> None:
        """Keeps this epoch's adapter if it is the best so far, or if too few rows can tell."""
        valid = None if validation is None else mean_loss(validation)
        enough = sum(map(len, self.validation)) >= ENOUGH_VALIDATION
        if not (enough and self.chosen_loss is not None and valid is not None and valid >= self.chosen_loss):
            loss = mean_loss(Tally(self.state.epoch_loss, 0, self.state.epoch_labels))
            self.best = copies(trained(self.model))
            self.state.chosen = {"step": self.state.step, "epoch": epoch, "train": loss, "validation": valid}
        self.state.epoch_loss, self.state.epoch_labels = 0.0, 0

    @property
    def chosen_loss(self) -> float | None:
        """The validation loss of the chosen epoch, if any."""
        return self.state.chosen.get("validation")

    def check_head(self) -> None:
        """Raises TrainingError for a model whose logits cannot be made for labels only."""
        rows = self.steps[0].groups[0]
        if not plain_head(self.model.get_base_model(), rows[0]):
            raise TrainingError("The student changes its logits after the output layer.", "Choose another student.")

    def sharing_works(self) -> bool:
        """Whether shared prefixes give this model the gradients of separate examples, tried on a small group."""
        causal = self.model.get_base_model()
        groups = [group for step in self.steps for group in step.groups if len(group) > 1]
        if not groups:
            return True
        smallest = min(groups, key=lambda group: sum(len(row.tokens) for row in group))
        if can_share(causal) and same_gradients(causal, smallest[:2]):
            return True
        log.warning("Documents are read once for each example: this student does not fit shared prefixes.")
        return False

    def save(self) -> None:
        """Writes a checkpoint."""
        import torch

        tensors = {f"adapter.{name}": tensor for name, tensor in copies(trained(self.model)).items()}
        for number, slots in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{number}.{name}": tensor for name, tensor in copies(slots).items()}
        tensors |= {f"best.{name}": tensor for name, tensor in self.best.items()}
        tensors["random"] = torch.get_rng_state()
        save_checkpoint(self.work, Checkpoint(self.state.step, tensors, vars(self.state)))

    def resume(self) -> bool:
        """Goes back to the last checkpoint of this run, if there is one."""
        import torch

        found = load_checkpoint(self.work, self.state.run)
        if found is None:
            return False
        self.state = Progressed(**found.state)
        with torch.no_grad():
            for name, parameter in trained(self.model).items():
                parameter.copy_(found.tensors[f"adapter.{name}"])
        slots: dict[int, dict[str, Any]] = {}
        for name, tensor in found.tensors.items():
            if name.startswith("optimizer."):
                _, number, slot = name.split(".")
                slots.setdefault(int(number), {})[slot] = tensor
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": slots, "param_groups": groups})
        self.best = {
            name.removeprefix("best."): found.tensors[name] for name in found.tensors if name.startswith("best.")
        }
        torch.set_rng_state(found.tensors["random"])
        return True
