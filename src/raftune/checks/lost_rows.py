"""No row was lost on the way: numbered rows have no gaps."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from raftune.audited import AuditOptions, Finding, RowTrace, Severity

NUMBERED = re.compile(r"([A-Za-z][\w.-]*?[_.-])(\d{1,7})")
SUBSET = 0.3


class LostRows:
    """Looks at ids that end in a number, such as seed_task_17: for gaps, and for numbers given twice."""

    name = "lost_rows"
    severity: Severity = "warning"
    about = "rows are missing"

    def __init__(self) -> None:
        self.checked = 0
        self._numbers: dict[str, Counter[int]] = defaultdict(Counter)
        self._file = ""

    def add(self, trace: RowTrace) -> None:
        """Notes the number of a numbered row."""
        if found := NUMBERED.fullmatch(trace.number):
            self.checked += 1
            self._file = self._file or trace.file
            self._numbers[found[1]][int(found[2])] += 1

    def findings(self) -> Iterator[Finding]:
        """The numbers that are missing, or there twice. Where most are missing, this is a part of a larger set."""
        for name, numbers in self._numbers.items():
            missing = sorted(set(range(max(numbers))) - set(numbers))
            if len(missing) <= SUBSET * (max(numbers) + 1):
                yield from (Finding(self._file, 0, f"{name}{number} is missing") for number in missing)
            again = sorted(number for number, count in numbers.items() if count > 1)
            yield from (Finding(self._file, 0, f"{name}{number} is there {numbers[number]} times") for number in again)


def plug(_options: AuditOptions) -> LostRows:
    """A check that has seen nothing yet."""
    return LostRows()
