"""No row is there twice."""

from raftune.audited import AuditOptions, Finding, RowTrace, Severity
from raftune.checks import excerpt


class DuplicateRow:
    """Compares question, documents and target."""

    name = "duplicate_row"
    severity: Severity = "error"
    about = "a row is there twice"

    def __init__(self) -> None:
        self.checked = 0
        self._seen: set[int] = set()
        self._found: list[Finding] = []

    def add(self, trace: RowTrace) -> None:
        """Looks whether the row was there before."""
        self.checked += 1
        if trace.content in self._seen:
            self._found.append(Finding(trace.file, trace.line, f"again: {excerpt(trace.question)}"))
        self._seen.add(trace.content)

    def findings(self) -> list[Finding]:
        """The rows that were there before."""
        return self._found


def plug(_options: AuditOptions) -> DuplicateRow:
    """A check that has seen nothing yet."""
    return DuplicateRow()
