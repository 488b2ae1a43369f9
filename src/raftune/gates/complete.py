"""A question is one complete sentence that asks; what a call is wanted for may take a few."""

import re
from typing import Literal

from raftune.contracts import Candidate
from raftune.sentences import sentence_spans

SHORTEST, LONGEST = 15, 300
MOST_SENTENCES = 4  # of a task for a call: people tell what they have before they say what they want
SHORTEST_KOREAN = 8  # Hangul says in one character what takes about two letters
OPENING = re.compile(r"[\"“'‘(\[<《〈「『]?[A-Z0-9가-힣\"“'‘$€£₩]")
LETTER_OPENING = re.compile(r"(?:e|i|m|p)[A-Z]")  # eBay, iPhone
KOREAN_OPENING = re.compile(r"[<《〈「『]?[A-Za-z]")  # a name in Latin letters
KOREAN_ENDING = re.compile(r"(?:까|나요|가요|는가|은가|ㄴ가|인가|던가|니|냐|지요|죠|시오|세요|십시오|하라|쓰라)[.?]?$")
CUT = re.compile(
    r"\b(?:Step|Section|Table|Figure|Article|Part|Chapter|Appendix|Item|Box|Schedule|Exhibit|Tier|Level|Form|Clause)\W*$"
    r"|\b(?:the|an?|and|or|than|exceeding|below|at least|at most|up to|more than|less than|equals?)\W*$"
    r"|[$€£₩]\W*$|제\s?[?.]*$|[=<>+]\s?\?*$"
)
INITIALS = re.compile(r"(?<![A-Za-z])(?:[A-Z]\.){1,6}(?=[A-Z]|\s)")
IMPERATIVE = re.compile(
    r"^(?:Name|List|State|Give|Describe|Explain|Identify|Define|Specify|Complete)\b.*[.:]$", re.DOTALL
)


class CompleteGate:
    """Lets through one sentence of a good length that ends as questions end; a call may be told to make in any way."""

    name = "complete"
    stage: Literal["ask"] = "ask"

    def fault(self, candidate: Candidate) -> str | None:
        """What is missing, or None."""
        text = candidate.question.strip()
        if not text:
            return "no question"
        if not (SHORTEST_KOREAN if candidate.language == "ko" else SHORTEST) <= len(text) <= LONGEST:
            return "too short or too long"
        if not any(opening.match(text) for opening in openings(candidate)):
            return "begins in the middle of a sentence"
        if len(sentence_spans(INITIALS.sub("N", unquoted(text)))) > (MOST_SENTENCES if candidate.kind == "call" else 1):
            return "too many sentences"
        if CUT.search(text):
            return "ends in the middle of a sentence"
        return None if candidate.kind == "call" or asks(text) else "does not end as a question"


def openings(candidate: Candidate) -> tuple[re.Pattern[str], ...]:
    """How a question may begin."""
    return (OPENING, LETTER_OPENING, *((KOREAN_OPENING,) if candidate.language == "ko" else ()))


def asks(text: str) -> bool:
    """Whether a text ends with a question mark, as a Korean question, or is an imperative question."""
    bare = re.sub(r"(?<=\?)\s*\([^()]*\)$", "", text).rstrip("\"”'’)")
    return bare.endswith("?") or KOREAN_ENDING.search(bare) is not None or IMPERATIVE.match(text) is not None


def unquoted(text: str) -> str:
    """The text with each quotation as one word: what stands in it may hold full stops."""
    return re.sub(r"[\"“][^\"”]*[\"”]", "Q", text)


def plug() -> CompleteGate:
    """The gate; it remembers nothing."""
    return CompleteGate()
