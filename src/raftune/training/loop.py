"""The training loop: steps in order, validation and checkpoints on the way, the best adapter at the end."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from raftune.contracts import Progress, Track
from raftune.errors import TrainingError
from raftune.training import memory
from raftune.training.adapter import causal_of, copies, trained, write_trained
from raftune.training.fully_sharded import aligned, in_step, is_real, sharded
from raftune.training.metrics import append_speed, figures_of, line_of, mean_loss, words
from raftune.training.options import LoraOptions
from raftune.training.processes import Processes
from raftune.training.run_state import RunState, put, resume, save
from raftune.training.schedule import Group, Step, learning_rate
from raftune.training.shared_prefix import Way, prepare, run_group
from raftune.training.sharing_out import pair_cost, shared_out
from raftune.training.tally import Tally
from raftune.training.trial import head_fits, tried

ENOUGH_VALIDATION = 8
WAY = ("share", "flat", "batch_tokens", "checkpointing")
SPEED = "speed.csv"


@dataclass
class Run:
    """A model in training; `best` are the chosen trained weights once there are some.

    `invocation`: how many tokens before the answer an activated adapter begins; None for other kinds. Several
    `processes` each have a run with the same contents, and take the same steps; the first one writes and tells. What is
    trained is put into folders of `epochs` at the end of each, where that is set.
    """

    model: Any
    options: LoraOptions
    steps: Sequence[Step]
    validation: Sequence[Group]
    work: Path
    progress: Progress
    state: RunState
    invocation: int | None = None
    processes: Processes = field(default_factory=Processes)
    track: Track = lambda *_: None
    epochs: Path | None = None
    way: Way = field(default_factory=Way)
    pair: float = 0.0
    norm: float = 0.0
    optimizer: Any = None
    best: dict[str, Any] = field(default_factory=dict)

    @property
    def causal(self) -> Any:
        """The causal model, under the adapter if there is one."""
        return causal_of(self.model)

    def train(self) -> None:
        """Runs the steps that are left and leaves the chosen adapter in the model. Raises TrainingError."""
        import torch

        rate, decay = self.options.learning_rate, self.options.weight_decay
        self.optimizer = torch.optim.AdamW(trained(self.model).values(), lr=rate, weight_decay=decay)
        if found := resume(self.work, self.state.run, self.model, self.optimizer):
            self.state, self.best = found
        self.processes.broadcast(trained(self.model).values())
        self.settle()
        while self.state.step < len(self.steps) and not self.state.stopped:
            self.advance(self.steps[self.state.step])
        put(self.model, self.best)

    def settle(self) -> None:
        """Finds how rows are computed: tried and measured at the start of a run, remembered when it goes on."""
        own = self.causal.config.get_text_config()._attn_implementation  # noqa: SLF001 - it has no public name
        if not head_fits(self.causal, self.steps[0].groups[0][0]):
            raise TrainingError("The student changes its logits after the output layer.", "Choose another student.")
        self.pair = pair_cost(self.causal)
        per_token = memory.kept_per_token(self.causal)
        way = prepare(self.model, share=self.options.share_prefix, invocation=self.invocation)
        if self.state.way:
            self.use(replace(way, **self.state.way))
        else:
            groups = [group for step in self.steps for group in step.groups]
            free = memory.free_bytes(self.processes.device, self.processes.local_count)
            free -= memory.needed_by_updates(trained(self.model).values())
            way = memory.fitted(self.causal, groups, way, per_token=per_token, free=free)
            self.use(self.agreed(tried(self.causal, groups, way, own)))
        if not self.way.flat:
            self.causal.set_attn_implementation(own)
        if self.options.divide_weights:
            sharded(self.model, self.processes.device)
            self.optimizer.load_state_dict(self.optimizer.state_dict())  # what it holds follows to the device

    def agreed(self, way: Way) -> Way:
        """The way that fits all processes."""
        share, flat, apart = map(self.processes.agree, (way.share, way.flat, not way.checkpointing))
        most = self.processes.least(way.batch_tokens)
        return replace(way, share=share, flat=flat, batch_tokens=most, checkpointing=not apart)

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
        rate, seconds = self.optimizer.param_groups[0]["lr"], time.monotonic() - began
        self.state.step += 1
        every = self.options.validate_every
        due = step.ends_epoch or bool(every and self.state.step % every == 0)
        validation = self.validate() if due and self.validation else None
        self.state.loss += tally.loss
        self.state.labels += tally.labels
        self.state.lines.append(line_of(self.state.step, tally, validation))
        if due:
            self.choose(step.epoch, validation)
        if self.processes.is_first:
            if self.epochs is not None and step.ends_epoch:
                write_trained(self.model, self.epochs / f"step-{self.state.step}")
            if due or self.state.step % self.options.save_every == 0:
                save(self.work, self.state, self.model, self.optimizer, self.best)
            append_speed(self.work / SPEED, self.state.step, tally, seconds)
            self.progress(self.state.step, len(self.steps), words(tally, seconds))
            self.track(self.state.step, figures_of(tally, validation, rate, self.norm, seconds))

    def learn(self, step: Step) -> Tally:
        """One update from all groups of a step; once in a run it is done again if memory ran out in a process."""
        tally, fits = self.gradients(step)
        if not self.processes.agree(fits):
            self.use(memory.backed_off(self.way))
            tally, _ = self.gradients(step)
        tally = self.processes.add_up_tally(tally)
        self.processes.add_up(trained(self.model).values())
        self.update()
        return tally

    def gradients(self, step: Step) -> tuple[Tally, bool]:
        """Gradients of this process's share of a step, normalised by the weight of all its labels; whether memory was
        enough, which is False at most once.
        """
        self.optimizer.zero_grad(set_to_none=True)
        try:
            return self.run_groups(step.groups, step.weight), True
        except RuntimeError as error:
            if not memory.ran_out(error) or self.way.checkpointing:
                raise
            return Tally(), False

    def run_groups(self, groups: Sequence[Group], weight: float) -> Tally:
        """The tally of this process's share of the groups."""
        made = [(rows, run_group(self.causal, rows, weight, self.pass_way)) for rows in self.share_of(groups)]
        return sum((tally for rows, tally in made if is_real(rows)), Tally())

    @property
    def pass_way(self) -> Way:
        """How a share is computed."""
        return in_step(self.way) if self.options.divide_weights else self.way

    def share_of(self, groups: Sequence[Group]) -> Sequence[Group]:
        """The groups, or the rows of groups, that this process computes."""
        if self.processes.count == 1:
            return groups
        shares: Sequence[Sequence[Group]] = shared_out(
            groups, self.processes.count, pair=self.pair, share=self.way.share
        )
        return (aligned(shares, self.way) if self.options.divide_weights else shares)[self.processes.rank]

    def update(self) -> None:
        """One step of the optimizer by the gradients that are there."""
        import torch

        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.state.step, len(self.steps), self.options)
        norm = torch.nn.utils.clip_grad_norm_(trained(self.model).values(), self.options.max_gradient_norm)
        if not torch.isfinite(norm):
            raise TrainingError(f"The gradient of step {self.state.step + 1} is not finite.", "Lower learning_rate.")
        self.optimizer.step()
        self.norm = float(norm)

    def validate(self) -> Tally:
        """The tally of the validation rows, by the same path."""
        import torch

        with torch.no_grad():
            return self.processes.add_up_tally(self.run_groups(self.validation, 1))

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
