"""The oracle is shown in exactly the stated share P of the rows, in every split alike."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from math import sqrt

from raftune.audited import AuditOptions, Finding, RowTrace, Severity

ALLOWED, ROWS = 0.005, 1.5
"""A share may differ by half a percentage point, or by one row: it is rounded, never drawn by lot."""
LEAST, DEVIATIONS = 0.05, 3.3  # splits differ by so much, and by more than chance does once in a thousand times


class OracleShare:
    """Counts rows by split. Without a stated share, the splits are compared with each other."""

    name = "oracle_share"
    severity: Severity = "error"
    about = "the share of rows that show their oracle is not the stated one"

    def __init__(self, wanted: float | None) -> None:
        self.checked = 0
        self._wanted = wanted
        self._shown: dict[str, Counter[bool]] = defaultdict(Counter)
        self._file: dict[str, str] = {}

    def add(self, trace: RowTrace) -> None:
        """Counts a row that tells whether its oracle is shown."""
        if trace.shown is not None:
            self.checked += 1
            self._shown[trace.split][trace.shown] += 1
            self._file.setdefault(trace.split, trace.file)

    def findings(self) -> Iterator[Finding]:
        """The splits whose share is another one."""
        shown = sum((counts for counts in self._shown.values()), Counter[bool]())
        for split, counts in self._shown.items():
            share = counts[True] / counts.total()
            if self._wanted is not None and abs(share - self._wanted) > max(ALLOWED, ROWS / counts.total()):
                text = f"{split}: {share:.1%} of {counts.total()} rows, stated {self._wanted:.1%}"
                yield Finding(self._file[split], 0, text)
            elif self._wanted is None and differs(counts, shown - counts):
                text = f"{split}: {share:.1%} of {counts.total()} rows, other splits otherwise"
                yield Finding(self._file[split], 0, text)


def differs(one: Counter[bool], others: Counter[bool]) -> bool:
    """Whether two shares differ by more than chance and by enough to matter."""
    if not one.total() or not others.total():
        return False
    both = (one[True] + others[True]) / (one.total() + others.total())
    distance = abs(one[True] / one.total() - others[True] / others.total())
    return distance > max(LEAST, DEVIATIONS * sqrt(both * (1 - both) * (1 / one.total() + 1 / others.total())))


def plug(options: AuditOptions) -> OracleShare:
    """A check that has seen nothing yet."""
    return OracleShare(options.oracle_share)
