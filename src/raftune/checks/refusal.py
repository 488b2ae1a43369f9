"""A row whose oracle is shown does not say that the answer is missing."""

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import excerpt, refuses


class Refusal:
    """Looks for the sentences of abstention in both languages, and for ordinary words that say the same."""

    name = "refusal"
    severity: Severity = "error"
    about = "the answer is refused although it is shown"

    def applies(self, row: AuditRow) -> bool:
        """Whether the oracle is known to be shown."""
        return row.place is not None and bool(row.final)

    def fault(self, row: AuditRow) -> str | None:
        """The refusal, or None."""
        return f"refuses: {excerpt(row.final or '')}" if refuses(row) else None


def plug(_options: AuditOptions) -> Refusal:
    """The check; it remembers nothing."""
    return Refusal()
