"""A quote is taken from the oracle, not from a distractor."""

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import distractors_of, excerpt, found_in, holds


class QuoteFromDistractor:
    """Compares where the quotes stand with the place of the oracle."""

    name = "quote_from_distractor"
    severity: Severity = "error"
    about = "a quote stands only in a distractor"

    def applies(self, row: AuditRow) -> bool:
        """Whether the row says which document is the oracle."""
        return bool(row.quotes) and row.shown is True and row.place is not None

    def fault(self, row: AuditRow) -> str | None:
        """The first quote that only a distractor holds, or None."""
        if row.place is None:
            return None
        for quote in row.quotes:
            if not holds(row.documents[row.place], quote) and found_in(distractors_of(row), quote):
                return f"quotes a distractor: {excerpt(quote)}"
        return None


def plug(_options: AuditOptions) -> QuoteFromDistractor:
    """The check; it remembers nothing."""
    return QuoteFromDistractor()
