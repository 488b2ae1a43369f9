"""A row of a RAFT set shows documents."""

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import excerpt


class NoDocuments:
    """Counts the documents that were found in the prompt."""

    name = "no_documents"
    severity: Severity = "error"
    about = "a row shows no documents"

    def applies(self, row: AuditRow) -> bool:
        """Whether it can have this fault: every row."""
        return row.question != ""

    def fault(self, row: AuditRow) -> str | None:
        """That there are none, or None."""
        return None if row.documents else f"no documents beside the question: {excerpt(row.question)}"


def plug(_options: AuditOptions) -> NoDocuments:
    """The check; it remembers nothing."""
    return NoDocuments()
