"""Every row shows the same number of documents: the oracle and k distractors."""

from collections import defaultdict
from collections.abc import Iterator

from raftune.audited import AuditOptions, Finding, RowTrace, Severity


class DocumentCount:
    """Counts the documents of each row; the number that most rows have is the right one."""

    name = "document_count"
    severity: Severity = "error"
    about = "rows show different numbers of documents"

    def __init__(self) -> None:
        self.checked = 0
        self._rows: dict[int, list[tuple[str, int]]] = defaultdict(list)

    def add(self, trace: RowTrace) -> None:
        """Notes the row under its number of documents; none at all is another fault."""
        if trace.documents:
            self.checked += 1
            self._rows[len(trace.documents)].append((trace.file, trace.line))

    def findings(self) -> Iterator[Finding]:
        """The rows that differ from most."""
        usual = max(self._rows, key=lambda count: (len(self._rows[count]), count), default=0)
        for count, places in sorted(self._rows.items()):
            if count != usual:
                yield from (Finding(*place, f"{count} documents where most rows have {usual}") for place in places)


def plug(_options: AuditOptions) -> DocumentCount:
    """A check that has seen nothing yet."""
    return DocumentCount()
