"""Whether two answers to one question say the same: their figures must agree, then words are compared leniently."""

import re

from raftune.comparison import answer_f1, normalise_answer, says_unknown
from raftune.records import Answer

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
}
NOTHING = re.compile(
    r"^\W*(?:not (?:stated|answerable|given|known|mentioned|specified)|unknown|n/?a|none|no answer"
    r"|(?:답을? )?(?:알|확인할) 수 없(?:음|습니다|다)|모름|모릅니다|없음|지문에 없음)\W*$",
    re.IGNORECASE,
)
SAME, SAME_PROSE = 0.5, 0.3
LEAST_CONTAINED = 2
PROSE = frozenset({"procedure", "condition", "call"})


def is_unknown(text: str) -> bool:
    """Whether a text says that there is no answer."""
    return NOTHING.match(text) is not None or says_unknown(text)


def agree(given: str, answer: Answer, *, strict: bool = False) -> bool:
    """Whether a text gives an answer's `final`. `strict` asks for nearly the same words.

    Figures that the question holds itself count for nothing. Where the answer is a figure, the figure decides.
    """
    if is_unknown(given):
        return is_unknown(answer.final)
    wanted, found, asked = (figures(text) for text in (answer.final, given, answer.text))
    wanted, found = wanted - asked, found - asked
    if wanted and not wanted <= found and (strict or not found or not found <= wanted):
        return False
    if wanted and not strict:
        return True
    if contained(given, answer.final, answer.language, asked):
        return True
    least = 0.7 if strict else SAME_PROSE if answer.kind in PROSE else SAME
    return answer_f1(given, answer.final, answer.language) > least


def figures(text: str) -> frozenset[str]:
    """The numbers of a text, without commas that group thousands; small English number words count as figures."""
    words = (NUMBER_WORDS[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in NUMBER_WORDS)
    plain = (found.replace(",", "") for found in NUMBER.findall(text))
    return frozenset({*words, *(number.rstrip("0").rstrip(".") if "." in number else number for number in plain)})


def contained(given: str, wanted: str, language: str, asked: frozenset[str]) -> bool:
    """Whether one answer stands inside the other, and says more than figures that were `asked` about."""
    first, second = (f" {normalise_answer(text, language)} " for text in (given, wanted))
    if language == "ko":
        first, second = first.replace(" ", ""), second.replace(" ", "")
    shorter, longer = sorted((first, second), key=len)
    repeats = not any(map(str.isalpha, shorter)) and figures(shorter) <= asked
    return len(shorter.strip()) >= LEAST_CONTAINED and not repeats and shorter in longer
