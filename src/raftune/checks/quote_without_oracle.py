"""A row whose oracle is not shown carries no quotes."""

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import excerpt


class QuoteWithoutOracle:
    """Looks at rows that are known to leave the oracle out."""

    name = "quote_without_oracle"
    severity: Severity = "error"
    about = "a row without its oracle carries quotes"

    def applies(self, row: AuditRow) -> bool:
        """Whether the oracle is known to be left out."""
        return row.shown is False

    def fault(self, row: AuditRow) -> str | None:
        """That there are quotes, or None."""
        return f"quotes what is not shown: {excerpt(row.quotes[0])}" if row.quotes else None


def plug(_options: AuditOptions) -> QuoteWithoutOracle:
    """The check; it remembers nothing."""
    return QuoteWithoutOracle()
