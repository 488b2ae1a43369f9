"""Personal data is not taught."""

import re
from functools import lru_cache

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import TEXTS
from raftune.personal_data import find_personal

POSSIBLE = re.compile(r"@|＠|\d{3}")


class PersonalData:
    """Looks at question, target and documents. Says of what kind the data is and where, never the data itself."""

    name = "personal_data"
    severity: Severity = "warning"
    about = "a text holds personal data"

    def applies(self, row: AuditRow) -> bool:
        """Whether there is any text."""
        return row.question != ""

    def fault(self, row: AuditRow) -> str | None:
        """The part of the row and the kind, or None."""
        for part, texts in (("question", (row.question,)), ("answer", (row.target,)), ("document", row.documents)):
            if kind := next(filter(None, map(kind_in, texts)), ""):
                return f"{part}: {kind.replace('_', ' ')}"
        return None


@lru_cache(maxsize=TEXTS)
def kind_in(text: str) -> str:
    """The kind of the first personal data in a text, or nothing. Every kind has an at sign or three figures."""
    found = find_personal(text) if POSSIBLE.search(text) else []
    return found[0].kind if found else ""


def plug(_options: AuditOptions) -> PersonalData:
    """The check; it remembers nothing."""
    return PersonalData()
