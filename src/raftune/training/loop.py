"""The training loop: steps in order, validation and checkpoints on the way, the best adapter at the end."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from raftune.contracts import Progress
from raftune.errors import TrainingError
from raftune.training import memory
from raftune.training.adapter import copies, trained
from raftune.training.metrics import append_speed, line_of, mean_loss, words
from raftune.training.options import LoraOptions
from raftune.training.run_state import RunState, put, resume, save
from raftune.training.schedule import Group, Step, learning_rate
from raftune.training.shared_prefix import Way, prepare, run_group
from raftune.training.tally import Tally
from raftune.training.trial import head_fits, tried

ENOUGH_VALIDATION = 8
WAY = ("share", "flat", "batch_tokens", "checkpointing")
SPEED = "speed.csv"


@dataclass
class Run:
    """A model in training; `model` carries LoRA (PEFT), `best` is the chosen adapter once there is one.

    `invocation`: how many tokens before the answer an activated adapter begins; None for other kinds.
    """

    model: Any
    options: LoraOptions
    steps: Sequence[Step]
    validation: Sequence[Group]
    work: Path
    progress: Progress
    state: RunState
    invocation: int | None = None
    way: Way = field(default_factory=Way)
    optimizer: Any = None
    best: dict[str, Any] = field(default_factory=dict)

    @property
    def causal(self) -> Any:
        """The causal model under the adapter."""
        return self.model.get_base_model()

    def train(self) -> None:
        """Runs the steps that are left and leaves the chosen adapter in the model. Raises TrainingError."""
        import torch

        rate, decay = self.options.learning_rate, self.options.weight_decay
        self.optimizer = torch.optim.AdamW(trained(self.model).values(), lr=rate, weight_decay=decay)
        if found := resume(self.work, self.state.run, self.model, self.optimizer):
            self.state, self.best = found
        self.settle()
        while self.state.step < len(self.steps) and not self.state.stopped:
            self.advance(self.steps[self.state.step])
        put(self.model, self.best)

    def settle(self) -> None:
        """Finds how rows are computed: tried and measured at the start of a run, remembered when it goes on."""
        own = self.causal.config.get_text_config()._attn_implementation  # noqa: SLF001 - it has no public name
        if not head_fits(self.causal, self.steps[0].groups[0][0]):
            raise TrainingError("The student changes its logits after the output layer.", "Choose another student.")
        per_token = memory.kept_per_token(self.causal)
        way = prepare(self.model, share=self.options.share_prefix, invocation=self.invocation)
        if self.state.way:
            self.use(replace(way, **self.state.way))
            if not self.way.flat:
                self.causal.set_attn_implementation(own)
            return
        groups = [group for step in self.steps for group in step.groups]
        way = memory.fitted(self.causal, groups, way, per_token=per_token, free=memory.free_bytes(self.model.device))
        self.use(tried(self.causal, groups, way, own))

    def use(self, way: Way) -> None:
        """Computes rows that way from now on, and remembers it."""
        self.way = way
        self.state.way = {name: getattr(way, name) for name in WAY}
        if way.checkpointing:
            memory.compute_twice(self.causal)

    def advance(self, step: Step) -> None:
        """One optimizer step with what follows it: validation, checkpoint, a word on progress."""
        began = time.monotonic()
        tally = self.learn(step)
        seconds = time.monotonic() - began
        self.state.step += 1
        every = self.options.validate_every
        due = step.ends_epoch or bool(every and self.state.step % every == 0)
        validation = self.validate() if due and self.validation else None
        self.state.loss += tally.loss
        self.state.labels += tally.labels
        self.state.lines.append(line_of(self.state.step, tally, validation))
        if due:
            self.choose(step.epoch, validation)
        if due or self.state.step % self.options.save_every == 0:
            save(self.work, self.state, self.model, self.optimizer, self.best)
        append_speed(self.work / SPEED, self.state.step, tally, seconds)
        self.progress(self.state.step, len(self.steps), words(tally, seconds))

    def learn(self, step: Step) -> Tally:
        """One update from all groups of a step; once in a run it is done again if memory ran out."""
        try:
            return self.update(step)
        except RuntimeError as error:
            if not memory.ran_out(error) or self.way.checkpointing:
                raise
        self.use(memory.backed_off(self.way))
        return self.update(step)

    def update(self, step: Step) -> Tally:
        """Gradients of all groups, normalised by the weight of all labels of the step, then one update."""
        import torch

        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.state.step, len(self.steps), self.options)
        self.optimizer.zero_grad(set_to_none=True)
        tally = sum((run_group(self.causal, rows, step.weight, self.way) for rows in step.groups), Tally())
        norm = torch.nn.utils.clip_grad_norm_(trained(self.model).values(), self.options.max_gradient_norm)
        if not torch.isfinite(norm):
            raise TrainingError(f"The gradient of step {self.state.step + 1} is not finite.", "Lower learning_rate.")
        self.optimizer.step()
        return tally

    def validate(self) -> Tally:
        """The tally of the validation rows, by the same path."""
        import torch

        with torch.no_grad():
            return sum((run_group(self.causal, rows, 1, self.way) for rows in self.validation), Tally())

    def choose(self, epoch: int, validation: Tally | None) -> None:
        """Keeps the adapter if it is the best so far, or if too few rows can tell; stops after enough worse ones."""
        valid = None if validation is None else mean_loss(validation)
        enough = sum(map(len, self.validation)) >= ENOUGH_VALIDATION
        best = self.state.chosen.get("validation")
        if enough and best is not None and valid is not None and valid >= best:
            self.state.worse += 1
            self.state.stopped = 0 < self.options.patience <= self.state.worse
        else:
            loss = mean_loss(Tally(self.state.loss, 0, self.state.labels))
            self.best, self.state.worse = copies(trained(self.model)), 0
            self.state.chosen = {"step": self.state.step, "epoch": epoch, "train": loss, "validation": valid}
        self.state.loss, self.state.labels = 0.0, 0
