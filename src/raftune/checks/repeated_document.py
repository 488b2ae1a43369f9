"""No document is shown twice in one row."""

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import key_of


class RepeatedDocument:
    """Compares letters and figures, so another layout does not hide a copy."""

    name = "repeated_document"
    severity: Severity = "error"
    about = "a document is shown twice"

    def applies(self, row: AuditRow) -> bool:
        """Whether there is more than one document."""
        return len(row.documents) > 1

    def fault(self, row: AuditRow) -> str | None:
        """The document that comes again, or None."""
        keys = [key_of(text) for text in row.documents]
        if len(set(keys)) == len(keys):
            return None
        again = next(place for place, key in enumerate(keys) if key in keys[:place])
        which = "the oracle" if row.place is not None and keys[again] == keys[row.place] else "a document"
        return f"{which} is shown again as document {again + 1}"


def plug(_options: AuditOptions) -> RepeatedDocument:
    """The check; it remembers nothing."""
    return RepeatedDocument()
