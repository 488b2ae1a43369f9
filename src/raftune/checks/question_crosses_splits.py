"""No question of training is asked again for testing, not in nearly the same words either."""

from raftune.audited import AuditOptions, Finding, RowTrace, Severity
from raftune.checks import excerpt


class QuestionCrossesSplits:
    """Takes note of the rows that have a twin in another split."""

    name = "question_crosses_splits"
    severity: Severity = "error"
    about = "a question is asked in two splits"

    def __init__(self) -> None:
        self.checked = 0
        self._found: list[Finding] = []

    def add(self, trace: RowTrace) -> None:
        """Looks whether the row has a twin elsewhere."""
        if trace.draw:
            return
        self.checked += 1
        if trace.twin and trace.twin_split != trace.split:
            text = f"{trace.split} and {trace.twin_split}: {excerpt(trace.question)} ({trace.twin})"
            self._found.append(Finding(trace.file, trace.line, text))

    def findings(self) -> list[Finding]:
        """The rows whose question another split asks."""
        return self._found


def plug(_options: AuditOptions) -> QuestionCrossesSplits:
    """A check that has seen nothing yet."""
    return QuestionCrossesSplits()
