"""A question is asked in the language of its passage."""

import re
from typing import Literal

from raftune.contracts import Candidate

QUOTED = re.compile(r"[\"“'‘][^\"”'’]*[\"”'’]")


class LanguageGate:
    """Looks at the script of the letters; names, terms and quotations may be in the other language."""

    name = "language"
    stage: Literal["ask"] = "ask"

    def fault(self, candidate: Candidate) -> str | None:
        """That the question is in another language, or None."""
        text = QUOTED.sub("", candidate.question)
        hangul = sum("가" <= character <= "힣" for character in text)
        latin = sum(character.isascii() and character.isalpha() for character in text)
        other = sum(character.isalpha() for character in text) - hangul - latin
        if other > 0.2 * (hangul + latin + other):
            return "another script"
        if candidate.language == "ko":
            return None if hangul and 5 * hangul >= latin else "not in Korean"
        return None if 4 * hangul <= latin else "not in English"


def plug() -> LanguageGate:
    """The gate; it remembers nothing."""
    return LanguageGate()
