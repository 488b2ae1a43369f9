"""Quote marks come in pairs, with text between them."""

import re

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import in_pairs
from raftune.prompts.raft import BEGIN, END

NESTED = re.compile(rf"{BEGIN}(?:(?!{END}).)*{BEGIN}|^(?:(?!{BEGIN}).)*{END}|{END}(?:(?!{BEGIN}).)*{END}", re.DOTALL)
EMPTY = re.compile(rf"{BEGIN}\s*{END}")


class QuoteMarks:
    """Counts opening and closing marks in what is to be learned, and looks for empty quotes."""

    name = "quote_marks"
    severity: Severity = "error"
    about = "quote marks are broken"

    def applies(self, row: AuditRow) -> bool:
        """Whether the target has a mark at all."""
        return "_quote#" in row.target

    def fault(self, row: AuditRow) -> str | None:
        """What is broken, or None."""
        if not in_pairs(row.target):
            return f"{row.target.count(BEGIN)} opening and {row.target.count(END)} closing quote marks"
        if NESTED.search(row.target):
            return "a quote opens inside another one, or closes before it opens"
        return "an empty quote" if EMPTY.search(row.target) else None


def plug(_options: AuditOptions) -> QuoteMarks:
    """The check; it remembers nothing."""
    return QuoteMarks()
