"""An answer is not cut off and holds no stray characters."""

import re
from typing import Literal

from raftune.contracts import Candidate

LONG = 80  # a short answer may be the singular of the quote's word
PAIRS = {")": "(", "]": "[", "}": "{", "”": "“", "」": "「", "』": "『", "》": "《"}
CUT = re.compile(
    r"(?:[,;:\-–—(]|\.\.\.|…|\b(?:and|or|of|the|a|an|to|in|for|with|by|from|that|which)|(?<=\s)(?:및|또는|그리고|와|과))$"
)
STRAY = re.compile(r"[\u0400-\u052f\u0590-\u06ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\ufffd]")
KOREAN_STRAY = re.compile(r"[\u0400-\u052f\u0590-\u06ff\u3040-\u30ff\ufffd]")


class FinishedGate:
    """Looks at the end of the answer, at brackets and quotation marks, and at the script."""

    name = "finished"
    stage: Literal["answer"] = "answer"

    def fault(self, candidate: Candidate) -> str | None:
        """What is broken, or None. Characters of another script are no fault where the quote has them."""
        text = candidate.final.strip()
        if CUT.search(text) or cut_in_a_word(text, candidate.quote):
            return "ends in the middle"
        if not balanced(text):
            return "brackets or quotation marks do not match"
        script = KOREAN_STRAY if candidate.language == "ko" else STRAY
        stray = next((character for character in script.findall(text) if character not in candidate.quote), None)
        return None if stray is None else f"a character of another script ({stray})"


def cut_in_a_word(text: str, quote: str) -> bool:
    """Whether a text is taken from the quote up to the middle of a word: its reply reached its longest."""
    if len(text) < LONG or text not in quote:
        return False
    following = quote[quote.find(text) + len(text) :][:1]
    return text[-1].isascii() and text[-1].isalpha() and following.isascii() and following.isalpha()


def balanced(text: str) -> bool:
    """Whether every bracket and quotation mark has its partner."""
    waiting: list[str] = []
    for character in text:
        if character in PAIRS.values():
            waiting.append(character)
        elif character in PAIRS and (not waiting or waiting.pop() != PAIRS[character]):
            return False
    return not waiting and text.count('"') % 2 == 0


def plug() -> FinishedGate:
    """The gate; it remembers nothing."""
    return FinishedGate()
