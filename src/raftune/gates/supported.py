"""An answer says what the quotes say: its figures all, its words mostly."""

import re
from decimal import Decimal
from itertools import permutations
from typing import Literal

from raftune.contracts import Candidate

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
HANGUL = re.compile(r"[가-힣]+")
WORD = re.compile(r"[가-힣]+|[^\W\d_가-힣]+")
TABLE_HEADER = re.compile(r"^\|.*\|[ \t]*\n(?=\|[ :|-]+\|[ \t]*$)", re.MULTILINE)
SHARE = 0.6
MOST_FIGURES = 12
SMALL_WORDS = frozenset(
    """
    a an and are as at be by for from had has have in is it its of on or that the their they this to was were which will
    with
    """.split()  # noqa: SIM905 - a list would be a line a word
)
SPELT = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBER_WORDS = {word: str(number) for number, word in enumerate(SPELT)}
COMPARED = re.compile(
    r"\b(?:higher|lower|more|less|fewer|greater|larger|smaller|bigger|longer|shorter|earlier|later|same|equal|than|yes|no"
    r"|(?:in|de)creased?|rose|fell|grew|declined|difference|both|neither)\b"
    r"|[가-힣]*(?:높|낮|많|적|크|작|길|짧|늘|줄|같|빠르|늦|더|덜|증가|감소|상승|하락|동일|차이|보다|예|아니)[가-힣]*",
    re.IGNORECASE,
)


class SupportedGate:
    """Compares numbers exactly, English content words by their beginnings, Korean by character bigrams.

    Words of comparison, and the difference or the change in percent between two quoted figures, are no news in a
    comparison. The answer to a question about a table may use the words of the table's header. A call stands in the
    passage as it is.
    """

    name = "supported"
    stage: Literal["answer"] = "answer"

    def fault(self, candidate: Candidate) -> str | None:
        """What the quotes do not hold, or None."""
        if candidate.kind == "call":
            return None if candidate.final in candidate.passage else "a call that is not in the passage"
        source, final = source_of(candidate), candidate.final
        if foreign := foreign_numbers(candidate, source):
            return f"a number that is not in the quote ({foreign[0]})"
        if candidate.kind == "comparison" and len(set(numbers(source))) >= 2:
            final = COMPARED.sub(" ", final)
        terms, known = terms_of(final), frozenset(terms_of(source))
        held = sum(term in known or (is_hangul(term) and term in source) for term in terms)
        if held < SHARE * len(terms):
            return "words that are not in the quote"
        return None


def source_of(candidate: Candidate) -> str:
    """The quotes, for a table also the header rows of the passage."""
    headers = TABLE_HEADER.findall(candidate.passage) if candidate.kind == "table" else []
    return " ".join((*candidate.quotes, *headers))


def foreign_numbers(candidate: Candidate, source: str) -> list[str]:
    """The answer's numbers that neither stand in the source nor follow from two of its figures.

    A number that is repeated from the question is no news where another number of the answer is in the source.
    """
    known, given = numbers(source), numbers(candidate.final)
    spelt = {NUMBER_WORDS[word] for word in re.findall(r"[a-z]+", source.casefold()) if word in NUMBER_WORDS}
    held = {*known, *spelt}
    if any(number in held for number in given):
        held |= set(numbers(candidate.question))
    computed = candidate.kind == "comparison"
    return [number for number in given if number not in held and not (computed and follows(number, known))]


def follows(number: str, known: list[str]) -> bool:
    """Whether a number is the difference of two known ones, or their change in percent as far as it is given."""
    wanted = Decimal(number) if NUMBER.fullmatch(number) and number.count(".") <= 1 else None
    values = [Decimal(other) for other in dict.fromkeys(known) if other.count(".") <= 1][:MOST_FIGURES]
    if wanted is None:
        return False
    places = Decimal(1).scaleb(-len(number.partition(".")[2]))
    return any(
        wanted == abs(first - second)
        or (first != second != 0 and wanted == abs((first - second) / second * 100).quantize(places))
        for first, second in permutations(values, 2)
    )


def numbers(text: str) -> list[str]:
    """The figures of a text without commas that group thousands."""
    return [number.replace(",", "") for number in NUMBER.findall(text)]


def terms_of(text: str) -> list[str]:
    """What is compared: bigrams of Hangul words, first six letters of other words that are not small words."""
    terms: list[str] = []
    for word in WORD.findall(text.casefold()):
        if is_hangul(word):
            terms += [word[start : start + 2] for start in range(max(1, len(word) - 1))]
        elif word not in SMALL_WORDS:
            terms.append(word[:6])
    return terms


def is_hangul(text: str) -> bool:
    """Whether a text is all Hangul: such a term may stand inside a longer word."""
    return HANGUL.fullmatch(text) is not None


def plug() -> SupportedGate:
    """The gate; it remembers nothing."""
    return SupportedGate()
