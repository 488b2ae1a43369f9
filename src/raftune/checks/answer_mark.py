"""Every target ends in a final answer after its mark."""

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import excerpt


class AnswerMark:
    """Looks for the mark and for what follows it."""

    name = "answer_mark"
    severity: Severity = "error"
    about = "the final answer is missing or empty"

    def applies(self, row: AuditRow) -> bool:
        """Whether the row asks something."""
        return row.question != ""

    def fault(self, row: AuditRow) -> str | None:
        """What is missing, or None."""
        if row.final is None:
            return f"no answer mark: …{excerpt(row.target[-50:])}"
        return None if row.final.strip() else "nothing after the answer mark"


def plug(_options: AuditOptions) -> AnswerMark:
    """The check; it remembers nothing."""
    return AnswerMark()
