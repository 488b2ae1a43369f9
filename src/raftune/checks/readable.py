"""Every line of a file is a row of a form that is known."""

from raftune.audited import AuditOptions, Finding, RowTrace, Severity


class Readable:
    """Collects the lines that could not be read."""

    name = "readable"
    severity: Severity = "error"
    about = "a line cannot be read as a row"

    def __init__(self) -> None:
        self.checked = 0
        self._found: list[Finding] = []

    def add(self, trace: RowTrace) -> None:
        """Counts a line, and keeps it where it has a problem."""
        self.checked += 1
        if trace.problem:
            self._found.append(Finding(trace.file, trace.line, trace.problem))

    def findings(self) -> list[Finding]:
        """The lines that are no rows."""
        return self._found


def plug(_options: AuditOptions) -> Readable:
    """A check that has seen nothing yet."""
    return Readable()
