"""What testing asks about is not shown in training, not even as a distractor."""

from collections.abc import Iterator
from dataclasses import replace

from raftune.audited import AuditOptions, Finding, RowTrace, Severity
from raftune.checks import TRAIN


class TestShownInTraining:
    """Looks for oracles of other splits among the documents of training rows."""

    name = "test_shown_in_training"
    severity: Severity = "error"
    about = "training shows what testing asks about"

    def __init__(self) -> None:
        self.checked = 0
        self._shown: set[int] = set()
        self._oracles: set[int] = set()
        self._rows: list[tuple[RowTrace, int]] = []

    def add(self, trace: RowTrace) -> None:
        """Notes what a training row shows, and what another row is about."""
        if trace.split == TRAIN:
            self._shown.update(trace.documents)
            if trace.oracle is not None:
                self._oracles.add(trace.oracle)
        elif trace.oracle is not None:
            self.checked += 1
            self._rows.append((replace(trace, documents=(), phrases=()), trace.oracle))

    def findings(self) -> Iterator[Finding]:
        """Rows whose oracle a training row shows as a distractor; an oracle of training is another fault."""
        for trace, oracle in self._rows:
            if oracle in self._shown and oracle not in self._oracles:
                yield Finding(trace.file, trace.line, f"{trace.split}: training shows its oracle as a distractor")


def plug(_options: AuditOptions) -> TestShownInTraining:
    """A check that has seen nothing yet."""
    return TestShownInTraining()
