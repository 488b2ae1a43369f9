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
    r"|\bmain (?:fact|point|idea)\b|\bthe author\b|^What (?:is|does) the (?:foot)?note\b"
    r"|\b(?:figure|table|chart|box|footnote)s? \d[\d.]*|\b(?:first|second|third|last) (?:paragraph|sentence|line)\b"
    r"|\bin the table\b"
    r"|\b(?:this|these|that given|the given) "
    r"(?:scenario|example|case|situation|category|tier|step|row|column|option|quote)s?\b"
    r"|\b(?:in|from|under|to) the (?:scenario|example|illustration|case study)\b(?! (?:of|where|that|which|in)\b)",
    re.IGNORECASE,
)
BARE_MENTION = re.compile(r"\b(?:above|below)\s*\?$|\bmentioned\b(?!\s+(?:in|by|on|at|during|as)\b)", re.IGNORECASE)
STAND_IN = re.compile(
    r"\b(?:Bank|Company|Person|Customer|Firm|Entity|Employee|Client|Borrower|Lender|Scenario|Case|Example|Category)"
    r" [A-DX-Z]\b"
    r"(?![.\w&-])"
)
COUNTED = re.compile(
    r"\bthe (?:first|second|third|fourth|fifth|last|next|former|latter|other) "
    r"(?:category|tier|step|item|column|row|bullet|option|example|scenario|case|condition)\b"
    r"(?! (?:of|in|for|under|that|who|which|on|to|at|from|towards?|when|after|before|by|with|is to|taken)\b)",
    re.IGNORECASE,
)
LEADING_PRONOUN = re.compile(
    r"^\W*(?:it|they|he|she)\b(?!\s+(?:is|was) (?:true|known|required|necessary)\b)"
    r"|^\W*(?:these|those|this|such)\b(?!\s+(?:[\w-]+,? ){1,6}?(?:who|that)\b)"
    r"|^(?:what|which|when|where|why|how|who|whom)(?:\s+(?:much|many|often|long))?"
    r"\s+(?:is|are|was|were|do|does|did|has|have|had|can|may|must|will|should|would)\s+(?:it|they|he|she|this|these|those|that)\b"
    r"(?!\s+[a-z-]+ (?:of|that|who|which)\b)(?!\s+(?:[\w-]+,? ){1,9}?(?:who|that)\b)"
    r"|^(?:is|are|was|were|do|does|did|has|have|can|may|must|will|should)\s+(?:it|they|he|she|these|those)\b"
    r"(?!\s+(?:possible|time|necessary|safe|worth|true|useful|better|legal|permitted|allowed|required|important|enough)\b)",
    re.IGNORECASE,
)
ENGLISH = (POINTS_AT_TEXT, BARE_MENTION, STAND_IN, COUNTED, LEADING_PRONOUN)
KOREAN = re.compile(
    r"(?<![가-힣])(?:이|위|위의|다음|해당|본|주어진|제시된|아래|아래의)\s*(?:지문|본문|문장|문서|글|단락|구절|표|그림|내용|텍스트)"
    r"(?!준|결|면|창|제|시판|씨)"
    r"|(?<![가-힣])(?:표|그림) ?\d[\d.\-]*"
    r"|(?<![가-힣])(?:지문|본문|발췌문)(?:에서|에 따르면|에 의하면|의|은|는|이|을|를)|문장(?:에서|에 따르면|에 의하면)"
    r"|(?<![가-힣])(?:이|위|위의|해당|주어진|제시된)\s(?:사례|시나리오|예시|상황|범주|단계|항목|조항|절차|기관|제도|법|금액|기준)"
    r"|^(?:이는|이것|이들|그것|그들|그는|그녀|이러한|그러한|위에서|여기서|해당)|(?<![가-힣])(?:상기|전술한)\s|(?:앞서|앞에서)\s?(?:언급|설명|제시|말한|살펴)"
    r"|(?<![A-Za-z0-9가-힣])[A-DX-Z]\s?(?:은행|사|회사|기업|고객|지점|국가)(?=[은는이가의을를에와과 ])"
    r"|(?:피고|원고|고객|회사|은행) [A-DX-Z](?![A-Za-z])"
    r"|(?<!의 )(?<!서 )(?<!중 )(?<!는 )(?:첫|두|세|네)\s?번째\s?(?:범주|항목|단계|유형|열|행|조건|예시|사례)"
)


class StandsAloneGate:
    """Stops questions about "the passage", "Bank B" or "this scenario", and questions whose subject is a pronoun."""

    name = "stands_alone"
    stage: Literal["ask"] = "ask"

    def fault(self, candidate: Candidate) -> str | None:
        """What cannot be understood, or None. What stands in quotation marks is the document's own wording."""
        text = unquoted(candidate.question)
        patterns = (KOREAN,) if candidate.language == "ko" else ENGLISH
        found = next((match for pattern in patterns if (match := pattern.search(text))), None)
        return None if found is None else f"points at what is not shown ({found.group().strip()})"


def unquoted(text: str) -> str:
    """The text without what stands in quotation marks."""
    return re.sub(r"[\"“][^\"”]*[\"”]", '""', text)


def plug() -> StandsAloneGate:
    """The gate; it remembers nothing."""
    return StandsAloneGate()
