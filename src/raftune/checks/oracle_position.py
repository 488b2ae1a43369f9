"""The oracle stands at every place equally often."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import erfc, sqrt

from raftune.audited import AuditOptions, Finding, RowTrace, Severity

LEAST = 10  # sets of documents for each place, below which chance hides everything
UNLIKELY = 0.001


class OraclePosition:
    """A chi-square test of the counts of the places. Rows that share their documents count once."""

    name = "oracle_position"
    severity: Severity = "error"
    about = "the oracle stands at some places more often than at others"

    def __init__(self) -> None:
        self.checked = 0
        self._places: dict[int, Counter[int]] = defaultdict(Counter)
        self._seen: set[int] = set()
        self._file = ""

    def add(self, trace: RowTrace) -> None:
        """Counts the oracle's place, once for each set of documents and oracle."""
        if trace.place is None or len(trace.documents) < 2:
            return
        self.checked += 1
        self._file = self._file or trace.file
        one = hash((trace.documents, trace.place))
        if one not in self._seen:
            self._seen.add(one)
            self._places[len(trace.documents)][trace.place] += 1

    def findings(self) -> Iterator[Finding]:
        """The numbers of documents whose oracles do not stand evenly."""
        for count, places in self._places.items():
            counts = [places[place] for place in range(count)]
            if sum(counts) >= LEAST * count and chi_square_tail(counts) < UNLIKELY:
                yield Finding(self._file, 0, f"counts by place: {', '.join(map(str, counts))}")


def chi_square_tail(counts: Sequence[int]) -> float:
    """How likely counts at least as uneven are by chance: Wilson and Hilferty's approximation."""
    freedom, expected = len(counts) - 1, sum(counts) / len(counts)
    value = sum((count - expected) ** 2 for count in counts) / expected
    spread = 2 / (9 * freedom)
    return erfc((((value / freedom) ** (1 / 3)) - (1 - spread)) / sqrt(2 * spread)) / 2 if value else 1.0


def plug(_options: AuditOptions) -> OraclePosition:
    """A check that has seen nothing yet."""
    return OraclePosition()
