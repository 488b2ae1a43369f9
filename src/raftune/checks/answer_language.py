"""An answer is in the language of its question."""

import re

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import excerpt

LEAST = 4
ENGLISH_LETTERS = 25  # a name is shorter
HANGUL, LATIN = re.compile(r"[가-힣]"), re.compile(r"[A-Za-z]")


class AnswerLanguage:
    """Compares scripts; names and terms may be in the other one."""

    name = "answer_language"
    severity: Severity = "warning"
    about = "the answer is in another language"

    def applies(self, row: AuditRow) -> bool:
        """Whether there is an answer of some length."""
        return len(row.final or "") >= LEAST and not row.call

    def fault(self, row: AuditRow) -> str | None:
        """The language it should be in, or None."""
        hangul, latin = len(HANGUL.findall(row.final or "")), len(LATIN.findall(row.final or ""))
        if row.language == "ko":
            return f"not in Korean: {excerpt(row.final or '')}" if not hangul and latin >= ENGLISH_LETTERS else None
        return f"not in English: {excerpt(row.final or '')}" if hangul > latin else None


def plug(_options: AuditOptions) -> AnswerLanguage:
    """The check; it remembers nothing."""
    return AnswerLanguage()
