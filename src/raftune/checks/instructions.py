"""Documents are data: none of them talks to a model."""

from functools import lru_cache

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import TEXTS, excerpt
from raftune.injection import find_instructions


class Instructions:
    """Looks at question, target and documents, each text once."""

    name = "instructions"
    severity: Severity = "warning"
    about = "a text gives orders to a model"

    def applies(self, row: AuditRow) -> bool:
        """Whether there is any text."""
        return row.question != ""

    def fault(self, row: AuditRow) -> str | None:
        """The order that was found, or None."""
        for part, texts in (("question", (row.question,)), ("answer", (row.target,)), ("document", row.documents)):
            if found := next(filter(None, map(order_in, texts)), ""):
                return f"{part}: {excerpt(found)}"
        return None


@lru_cache(maxsize=TEXTS)
def order_in(text: str) -> str:
    """The first order to a model in a text, or nothing."""
    found = find_instructions(text)
    return found[0] if found else ""


def plug(_options: AuditOptions) -> Instructions:
    """The check; it remembers nothing."""
    return Instructions()
