"""A question can be understood by someone who sees nothing but the question."""

import re
from typing import Literal

from raftune.contracts import Candidate

POINTS_AT_TEXT = re.compile(
    r"\b(?:this|that|the|each|these|given|following|provided|present)\s+(?:\w+\s+)?"
    r"(?:passage|sentence|text|document|excerpt|paragraph|context|extract)s?\b"
    r"|\b(?:this|these)\s+(?:table|figure|chart|section|chapter|page|box|appendix|report|information|article|data)\b"
    r"|\bsentence[_ ]\d+\b|\b(?:according to|in|based on) (?:the )?(?:above|following|given|provided)\b"
    r"|\b(?:as|is|are|was|were) (?:mentioned|described|stated|discussed) (?:here|above|below|earlier)\b"
    r"|\b(?:mentioned|described|stated|shown|listed|noted) (?:in the (?:text|passage|sentence)|above|below)\b"
    r"|\bmain (?:fact|point|idea)\b|\bthe author\b",
    re.IGNORECASE,
)
BARE_MENTION = re.compile(r"\b(?:mentioned|above)\s*\?$", re.IGNORECASE)
LEADING_PRONOUN = re.compile(
    r"^(?:\W*)(?:it|they|he|she|these|those|this|such)\b(?!\s+(?:is|was) (?:true|known|required|necessary)\b)"
    r"|^(?:what|which|when|where|why|how|who|whom)(?:\s+(?:much|many|often|long))?"
    r"\s+(?:is|are|was|were|do|does|did|has|have|had|can|may|must|will|should|would)\s+(?:it|they|he|she|this|these|those|that)\b"
    r"(?!\s+[a-z-]+ (?:of|that|who|which)\b)"
    r"|^(?:is|are|was|were|do|does|did|has|have|can|may|must|will|should)\s+(?:it|they|he|she|these|those)\b",
    re.IGNORECASE,
)
KOREAN = re.compile(
    r"(?:이|위|위의|다음|해당|본|주어진|제시된|아래|아래의)\s*(?:지문|본문|문장|문서|글|단락|구절|표|그림|내용|텍스트)"
    r"|(?:지문|본문|문장|발췌문)(?:에서|에 따르면|에 의하면|의|은|는|이|을|를)"
    r"|^(?:이는|이것|이들|그것|그는|그녀|이러한|그러한|위에서|여기서|해당)"
)


class StandsAloneGate:
    """Stops questions about "the passage", and questions whose subject is a pronoun."""

    name = "stands_alone"
    stage: Literal["ask"] = "ask"

    def fault(self, candidate: Candidate) -> str | None:
        """What cannot be understood, or None. What stands in quotation marks is the document's own wording."""
        text = unquoted(candidate.question)
        patterns = (KOREAN,) if candidate.language == "ko" else (POINTS_AT_TEXT, BARE_MENTION, LEADING_PRONOUN)
        found = next((match for pattern in patterns if (match := pattern.search(text))), None)
        return None if found is None else f"points at what is not shown ({found.group().strip()})"


def unquoted(text: str) -> str:
    """The text without what stands in quotation marks."""
    return re.sub(r"[\"“][^\"”]*[\"”]", '""', text)


def plug() -> StandsAloneGate:
    """The gate; it remembers nothing."""
    return StandsAloneGate()
