"""Texts hold no hidden, broken or control characters."""

import re
from functools import lru_cache

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import TEXTS

# A joiner between emoji or in Indic and Arabic words is no fault.
ODD = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2064\\u2066-\\u206f"
    "\\ufeff\\ufffd\\ud800-\\udfff\\ue000-\\uf8ff\\U000e0000-\\U000e007f]"
)


class OddCharacters:
    """Looks for zero width, direction marks, control characters, private use, and the mark of a wrong decoding."""

    name = "odd_characters"
    severity: Severity = "warning"
    about = "a text holds hidden or broken characters"

    def applies(self, row: AuditRow) -> bool:
        """Whether there is any text."""
        return row.question != ""

    def fault(self, row: AuditRow) -> str | None:
        """The character and the part of the row, or None."""
        for part, texts in (("question", (row.question,)), ("answer", (row.target,)), ("document", row.documents)):
            if found := next(filter(None, map(odd_in, texts)), ""):
                return f"{part}: U+{ord(found):04X}"
        return None


@lru_cache(maxsize=TEXTS)
def odd_in(text: str) -> str:
    """The first odd character of a text, or nothing."""
    found = None if text.isascii() and text.isprintable() else ODD.search(text)
    return found.group() if found else ""


def plug(_options: AuditOptions) -> OddCharacters:
    """The check; it remembers nothing."""
    return OddCharacters()
