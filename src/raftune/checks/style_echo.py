"""No row repeats in what style, tone or format it was asked to be written."""

import re

from raftune.audited import AuditOptions, AuditRow, Severity
from raftune.checks import excerpt

POLITE = r"(?:친근|친절|유쾌|다정|정중|공손|밝|따뜻)"
STYLE = re.compile(
    r"\b(?:in|with|using|use|keep|keeping|maintain|maintaining) an? (?:[\w-]+,? (?:and )?){1,4}"
    r"(?:tone|voice|manner of speaking|writing style)\b"
    r"|\b(?:as (?:requested|instructed) (?:in|by) the (?:prompt|instructions?))\b"
    r"|\bthe (?:prompt|instructions?) (?:asks?|says?|requires?)\b"
    r"|\b(?:the answer should be succinct|copy[- ]paste (?:some )?sentences|final answer in the form)\b"
    r"|\b(?:the user|the prompt) (?:asked|wants|requested) (?:me|us)\b"
    rf"|{POLITE}(?:하?고 {POLITE})?(?:한|은) (?:말투|어조|어투|톤)"
    r"|(?:프롬프트|지시문|지침)(?:에서|가|이) (?:요구|요청|지시)",
    re.IGNORECASE,
)


class StyleEcho:
    """Looks for words about the writing itself that stand in no document and not in the question."""

    name = "style_echo"
    severity: Severity = "error"
    about = "the target repeats what the prompt asked for"

    def applies(self, row: AuditRow) -> bool:
        """Whether there is a target."""
        return row.target != ""

    def fault(self, row: AuditRow) -> str | None:
        """The wording, or None."""
        for found in STYLE.finditer(row.target):
            words = found.group()
            if words not in row.question and not any(words in text for text in row.documents):
                return f"words of the prompt: {excerpt(words)}"
        return None


def plug(_options: AuditOptions) -> StyleEcho:
    """The check; it remembers nothing."""
    return StyleEcho()
