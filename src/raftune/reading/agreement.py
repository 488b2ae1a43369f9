"""Holds a page as a model read it against the text a program found on it: words and numbers that are missing or new."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
THOUSANDS = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])")
FIGURE = re.compile(r"^>[ \t]*\**(?:Figure|Chart|그림|도표)\b.*(?:\n>.*)*", re.MULTILINE)
LONE_NUMBER = re.compile(r"\s*[-–—]?\s*\d{1,5}\s*[-–—]?\s*")
SHORTEST_PIECE = 3  # letters of a part of a word that is looked for inside others; a single Hangul syllable will do
MOST_PIECES = 2000


@dataclass(frozen=True)
class Agreement:
    """Shares (0 to 1) of the hint's words and numbers that a reply holds, and what is missing from it or new in it.

    `counted` is how many numbers the hint has; `new_numbers` leaves the descriptions of figures aside.
    """

    words: float
    numbers: float
    counted: int
    missing_words: tuple[str, ...]
    missing_numbers: tuple[str, ...]
    new_numbers: tuple[str, ...]


def agreement(reply: str, hint: str) -> Agreement:
    """How far a reply holds what the hint holds, both Markdown; order does not count, repetitions do."""
    wanted, given = Counter(words_of(hint)), Counter(words_of(reply))
    missing = without_pieces(wanted - given, given - wanted)
    numbers, printed = Counter(numbers_of(without_page_number(hint))), Counter(numbers_of(reply))
    lost = numbers - printed
    invented = Counter(numbers_of(FIGURE.sub("", reply))) - Counter(numbers_of(hint))
    return Agreement(
        words=found_share(wanted, missing),
        numbers=found_share(numbers, lost),
        counted=numbers.total(),
        missing_words=tuple(missing.elements()),
        missing_numbers=tuple(lost.elements()),
        new_numbers=tuple(invented.elements()),
    )


def found_share(wanted: Counter[str], missing: Counter[str]) -> float:
    """The share of what is wanted that is not missing; 1 where nothing is wanted."""
    return 1 - missing.total() / wanted.total() if wanted else 1.0


def plain(text: str) -> str:
    """The text in one spelling: NFKC, case folded, 1234 for 1,234. Raised digits and fractions are set apart."""
    apart = "".join(f" {one}" if unicodedata.category(one) == "No" else one for one in text)
    spelled = unicodedata.normalize("NFKC", apart).replace("\N{FRACTION SLASH}", " ").casefold()
    return THOUSANDS.sub(lambda number: number.group().replace(",", ""), spelled)


def words_of(text: str) -> list[str]:
    """Runs of letters and digits, in order."""
    return WORD.findall(plain(text))


def numbers_of(text: str) -> list[str]:
    """The numbers in a text, with or without letters around them, in order."""
    return NUMBER.findall(plain(text))


def without_page_number(text: str) -> str:
    """The text without a number that stands alone on its first or last line: readers are told to leave it out."""
    lines = text.strip().split("\n")
    if len(lines) > 1 and LONE_NUMBER.fullmatch(lines[-1]):
        lines.pop()
    if len(lines) > 1 and LONE_NUMBER.fullmatch(lines[0]):
        lines.pop(0)
    return "\n".join(lines)


def without_pieces(missing: Counter[str], new: Counter[str]) -> Counter[str]:
    """What is still missing when words that were put together or taken apart count as found.

    Spaces of Korean text, and words broken over lines, often differ between a page's picture and its text layer.
    """
    rest = "".join(new.elements())
    if not rest or missing.total() > MOST_PIECES:
        return missing
    still: Counter[str] = Counter()
    for word in missing.elements():
        long_enough = len(word) >= SHORTEST_PIECE or not word.isascii()
        if long_enough and not word.isdigit() and word in rest:
            rest = rest.replace(word, " ", 1)
        else:
            still[word] += 1
    return still
