"""A training run that notes its losses unrounded: metrics keep 6 digits, which would hide small differences."""

from dataclasses import dataclass, field

from raftune.training.loop import Run
from raftune.training.schedule import Step
from raftune.training.tally import Tally


@dataclass
class NotedRun(Run):
    """`losses`: the mean loss of each step so far, in nats a learned token."""

    losses: list[float] = field(default_factory=list)

    def learn(self, step: Step) -> Tally:
        """As the run does. Raises ValueError if it fell back: comparing a run with itself would show no difference."""
        tally = super().learn(step)
        if (tally.read < tally.tokens) != self.options.share_prefix:
            raise ValueError(f"share_prefix is {self.options.share_prefix}, but {tally.read} tokens were read")
        self.losses.append(tally.loss / tally.labels)
        return tally
