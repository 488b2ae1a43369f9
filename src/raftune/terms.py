"""What a text is found by: stems of words in English, pairs of syllables in Korean.

Korean writes compounds with or without a space, and PDFs break its lines inside words: so pairs are made across white
space too, and particles and endings need no dictionary.
"""

import re
import unicodedata
from operator import add

RUN = re.compile(r"[가-힣]+(?:\s+[가-힣]+)*|[^\W_가-힣]+")
ASKING = re.compile(  # rare in texts, so it would count for much
    r"(?:무엇|어떻게|어떤|어디|누구|언제|얼마|왜|어느|무슨)[가-힣]*|(?:[입습]니까|인가요|나요|[는은인]가|을까|까요)(?=\s*(?:[?？]|$))"
)
LITTLE_WORDS = (
    "a an and are as at be been by did do does for from had has have how in is it many much of on or that the this to "
    "was were what when where which who whom whose why with"
)
LITTLE = frozenset(LITTLE_WORDS.split())
ENDINGS = ("ies", "es", "s", "ing", "ed", "ly")


def terms(text: str) -> list[str]:
    """The terms of a text in its order, little English words left out."""
    found: list[str] = []
    for run in RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if not of_syllables(run):
            if run not in LITTLE:
                found.append(stem(run))
        elif len(run) == 1:
            found.append(run)
        else:
            joined = "".join(run.split())
            found.extend(map(add, joined, joined[1:]))
    return found


def asked_terms(question: str) -> list[str]:
    """The terms of a question but those by which Korean asks."""
    return terms(ASKING.sub(" ", unicodedata.normalize("NFKC", question)))


def of_syllables(term: str) -> bool:
    """Whether a term is of Korean syllables."""
    return "가" <= term[0] <= "힣"


def stem(word: str) -> str:
    """A word without the commonest English ending."""
    if len(word) < 4 or not word.isascii():
        return word
    if len(word) == 4:
        return word.removesuffix("s")
    ending = next((ending for ending in ENDINGS if word.endswith(ending)), "")
    return word[: len(word) - len(ending)] if len(word) - len(ending) >= 3 else word
