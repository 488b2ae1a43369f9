"""Questions that leave out a piece of a sentence, and their answers: verbatim, found again without a memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLANK = "____"
BEFORE, AFTER, LONGEST = 90, 60, 60  # characters around a blank, and in it
MARKS = str.maketrans("", "", '"“”„‟「」『』`|[]{}<>()#*_')
FIGURE = re.compile(r"(?<![\w.,$€£₩/-])[$€£₩]?\d+(?:[.,]\d+)*(?:\s?[A-Za-z]{4,}|[가-힣%]{1,3}(?![가-힣]))?(?![\w/-])")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*(?![\w-])")
WORD = re.compile(r"\S+")
HANGUL = re.compile(r"[가-힣]+")
DANGLING = re.compile(
    r"(?:[,;:–—-]|\b(?:and|or|of|the|an?|to|in|for|with|by|from|that|which|were|was|have|than|when|this|into|over|unless)"
    r"|(?<=\s)(?:및|또는|그리고|와|과))$"
)
QUESTION = {
    "en": "Which words complete the statement “{}” of record {}?",
    "ko": "기록 {1}에서 “{0}”의 빈칸에 들어갈 말은 무엇입니까?",
}
STATEMENT = re.compile(rf"“([^“”]*{BLANK}[^“”]*)”")


@dataclass(frozen=True)
class Blank:
    """A question about a line, and its answer."""

    question: str
    answer: str

    @property
    def is_figure(self) -> bool:
        return any(map(str.isdigit, self.answer))


def plain(text: str) -> str:
    """A line without marks that would end a quotation, single spaces."""
    return " ".join(text.translate(MARKS).split())


def language_of(text: str) -> str:
    """ "ko" where a fifth of the text is Hangul."""
    return "ko" if 5 * sum(map(len, HANGUL.findall(text))) > len(text) else "en"


def blanks_of(line: str, record: int, language: str) -> Iterator[Blank]:
    """The questions that a line bears, those about figures first; no two with the same answer.

    The number `record` stands in each: passages made by one pattern differ in what is left out, and their questions
    would else be the same.
    """
    text = plain(line)
    answers: set[str] = set()
    for start, end in spans_of(text.rstrip(" .!?。")):
        found = blank_at(text, start, end)
        if found is not None and found[1] not in answers:
            answers.add(found[1])
            yield Blank(QUESTION[language].format(found[0], record), found[1])


def spans_of(text: str) -> Iterator[tuple[int, int]]:
    """What may be left out: figures, names, the last words."""
    for pattern in (FIGURE, NAME):
        for match in pattern.finditer(text):
            yield match.span()
    words = [match.start() for match in WORD.finditer(text)]
    for count in (4, 3, 2):
        if len(words) > 2 * count:
            yield words[-count], len(text)


def blank_at(text: str, start: int, end: int) -> tuple[str, str] | None:
    """A statement without characters [start, end), and those; or None where they would not do."""
    answer = text[start:end].strip(" ,;:")
    rest = f"{text[:start]} {text[end:]}".casefold()
    if not answer or len(answer) > LONGEST or DANGLING.search(answer) or answer.casefold() in rest:
        return None
    before = text[max(0, start - BEFORE) : start]
    if start > BEFORE:
        before = before.partition(" ")[2]
    after = text[start + len(answer) :][:AFTER]
    if len(text) - start - len(answer) > AFTER:
        after = after.rpartition(" ")[0]
    return (f"{before}{BLANK}{after}", answer) if len(before + after) > 12 else None


def filled(question: str, lines: list[str]) -> tuple[int, str] | None:
    """The place of the line that a question of ours was made from, and its answer; None for other questions."""
    match = STATEMENT.search(question)
    if match is None:
        return None
    before, _, after = match.group(1).partition(BLANK)
    end = r"(?!\w)" if after else r"(?=\W*$)"
    pattern = re.compile(rf"(?<!\w){re.escape(before)}(.{{1,{LONGEST}}}?){re.escape(after)}{end}")
    for place, line in enumerate(lines):
        if found := pattern.search(plain(line)):
            return place, found.group(1)
    return None
