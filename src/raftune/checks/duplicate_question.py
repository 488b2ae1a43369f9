"""A question is asked once, not again in nearly the same words."""

from raftune.audited import AuditOptions, Finding, RowTrace, Severity
from raftune.checks import excerpt


class DuplicateQuestion:
    """Takes note of the rows that have a twin in their own split."""

    name = "duplicate_question"
    severity: Severity = "warning"
    about = "a question is asked again within a split"

    def __init__(self) -> None:
        self.checked = 0
        self._found: list[Finding] = []

    def add(self, trace: RowTrace) -> None:
        """Looks whether the row has a twin. Documents drawn anew for the same question are no fault."""
        if trace.draw:
            return
        self.checked += 1
        if trace.twin and trace.twin_split == trace.split:
            self._found.append(Finding(trace.file, trace.line, f"{excerpt(trace.question)} ({trace.twin})"))

    def findings(self) -> list[Finding]:
        """The rows whose question was asked before."""
        return self._found


def plug(_options: AuditOptions) -> DuplicateQuestion:
    """A check that has seen nothing yet."""
    return DuplicateQuestion()
