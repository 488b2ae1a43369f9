"""A quote stands word for word in a document that is shown."""

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import excerpt, found_in, in_pairs


class QuoteVerbatim:
    """Looks for each quote in all documents of the row."""

    name = "quote_verbatim"
    severity: Severity = "error"
    about = "a quote stands in no shown document"

    def applies(self, row: AuditRow) -> bool:
        """Whether there are quotes that end where they should, and the oracle is not known to be left out."""
        return bool(row.quotes and row.documents) and row.shown is not False and in_pairs(row.target)

    def fault(self, row: AuditRow) -> str | None:
        """The first quote that stands nowhere, or None."""
        for quote in row.quotes:
            if not found_in(row.documents, quote):
                return f"quotes what is not shown: {excerpt(quote)}"
        return None


def plug(_options: AuditOptions) -> QuoteVerbatim:
    """The check; it remembers nothing."""
    return QuoteVerbatim()
