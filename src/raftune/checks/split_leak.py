"""What is asked about for testing is not asked about in training."""

from collections.abc import Iterator

from raftune.audited import AuditOptions, Finding, RowTrace, Severity
from raftune.checks import order_of


class SplitLeak:
    """Compares oracles by their letters and figures, and by the group a row names."""

    name = "split_leak"
    severity: Severity = "error"
    about = "an oracle of a held-out split also stands in training"

    def __init__(self) -> None:
        self.checked = 0
        self._first: dict[str, str] = {}
        self._rows: list[tuple[str, str, int, tuple[str, ...]]] = []

    def add(self, trace: RowTrace) -> None:
        """Notes what the row is about."""
        about = (f"{trace.oracle or ''}", f"group {trace.group}" if trace.group else "")
        if keys := tuple(filter(None, about)):
            self.checked += 1
            self._rows.append((trace.split, trace.file, trace.line, keys))
            for key in keys:
                self._first[key] = min(self._first.get(key, trace.split), trace.split, key=order_of)

    def findings(self) -> Iterator[Finding]:
        """The rows that are about what an earlier split is about."""
        for split, file, line, keys in self._rows:
            if first := next((self._first[key] for key in keys if self._first[key] != split), ""):
                yield Finding(file, line, f"{split}: its oracle also stands in {first}")


def plug(_options: AuditOptions) -> SplitLeak:
    """A check that has seen nothing yet."""
    return SplitLeak()
