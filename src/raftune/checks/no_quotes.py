"""An answer from a document rests on a quote."""

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import excerpt, refuses


class NoQuotes:
    """Looks at rows that answer while their oracle is shown."""

    name = "no_quotes"
    severity: Severity = "note"
    about = "an answer rests on no quote"

    def applies(self, row: AuditRow) -> bool:
        """Whether the row answers from its oracle; a call of a programming interface is its own evidence."""
        return row.shown is True and bool(row.final) and not row.call and not refuses(row)

    def fault(self, row: AuditRow) -> str | None:
        """That nothing is quoted, or None."""
        return None if row.quotes else f"no quote: {excerpt(row.question)}"


def plug(_options: AuditOptions) -> NoQuotes:
    """The check; it remembers nothing."""
    return NoQuotes()
