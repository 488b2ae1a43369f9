"""What a reader gets of a reply that comes in pieces: the marks of the format are taken out before anyone sees them."""

import re
from dataclasses import dataclass, field

from raftune.prompts.raft import FINAL, MARKS

LONGEST, DEEPEST = 64, 12
"""What could still become a mark after so many characters, or so many of # and <, loses its first one instead."""
SPECIAL = re.compile(r"[#<]")
# A reply may end within a mark. These beginnings are left out then; "C#", "a < b" and "#1" are text.
CUT_OFF = re.compile(r"##.*|(?<!\w)#.*|#\s*(?:beg|end_).*|<|</.*|<[AD].*|<\s*(?:AN|An|an).*|<\|\w*\|?", re.DOTALL)


def begun(word: str) -> str:
    """A pattern for any beginning of a word, the whole word and nothing among them."""
    return "".join(f"(?:{re.escape(letter)}" for letter in word) + ")?" * len(word)


def within(before: str, word: str, after: str) -> str:
    """A pattern for any beginning of before + word + after; `before` has to be whole."""
    return rf"{before}(?:{word}{after}|{begun(word)})"


PARTIAL = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        within(r"#{1,3}\s*", "begin_quote", r"\s*#{0,2}"),
        within(r"#{1,3}\s*", "end_quote", r"\s*#{0,2}"),
        within("</?", "DOCUMENT", ""),
        within(r"<\s*", "ANSWER", r"\s*(?:>\s*)?"),
        r"<(?:\|[^|<>]{0,40}\|?)?",
    )
]
"""What a longer mark may begin with; `<ANSWER>` is a mark already, but a colon may follow."""


@dataclass(frozen=True)
class Spoken:
    """The next words of a reply for a reader: of its reasoning (what stands before `<ANSWER>:`) or of its answer."""

    reasoning: str = ""
    answer: str = ""


@dataclass
class Trimmed:
    """A text without white space around it, in pieces."""

    begun: bool = False
    space: str = ""

    def take(self, piece: str) -> str:
        """What may be shown by now: white space waits for what follows it."""
        text = self.space + piece if self.begun else piece.lstrip()
        shown = text.rstrip()
        if not shown:
            self.space = text if self.begun else ""
            return ""
        self.begun, self.space = True, text[len(shown) :]
        return shown


@dataclass
class ReaderText:
    """Splits a reply at its first `<ANSWER>:` mark; both parts come without marks and without white space around them.

    However a text is cut into pieces, what is told adds up to the same; nothing that was or became a part of a mark
    is ever told. Marks that taking out another one puts together are marks too.
    """

    held: str = ""
    before: str = ""
    answering: bool = False
    parts: tuple[Trimmed, Trimmed] = field(default_factory=lambda: (Trimmed(), Trimmed()))

    def feed(self, piece: str) -> Spoken:
        """What the piece adds; what may be the beginning of a mark waits for the next."""
        told = ["", ""]
        place = 0
        while place < len(piece):
            if not self.held:
                special = SPECIAL.search(piece, place)
                plain = piece[place : special.start() if special else len(piece)]
                self.tell(plain, told)
                place += len(plain)
            if place < len(piece):
                self.held += piece[place]
                place += 1
                self.settle(told)
        return Spoken(*told)

    def end(self) -> Spoken:
        """What was held back, but for a mark that the text ends in."""
        told = ["", ""]
        while mark := MARKS.search(self.held):
            self.take_out(mark, told)
        self.leave(self.held, told)
        self.held = ""
        return Spoken(*told)

    def settle(self, told: list[str]) -> None:
        """Takes out marks that cannot go on, and tells what cannot become one."""
        while (mark := MARKS.search(self.held)) and (mark.end() < len(self.held) or not goes_on(mark.group())):
            self.take_out(mark, told)
        kept = waiting(self.held)
        self.tell(self.held[:kept], told)
        self.held = self.held[kept:]
        if len(self.held) > LONGEST or len(SPECIAL.findall(self.held)) > DEEPEST:
            self.held = self.held[1:]
            self.settle(told)

    def take_out(self, mark: re.Match[str], told: list[str]) -> None:
        """Takes a mark out; behind the first `<ANSWER>:` the answer begins."""
        before, after = self.held[: mark.start()], self.held[mark.end() :]
        if not self.answering and FINAL.fullmatch(mark.group()):
            self.leave(before, told)
            self.answering, self.before, before = True, "", ""
        self.held = before + after

    def leave(self, text: str, told: list[str]) -> None:
        """Tells the end of a part, without what it has of a mark."""
        whole, shift = self.before + text, len(self.before)
        cuts = (place for place in range(len(text)) if CUT_OFF.fullmatch(whole, place + shift))
        self.tell(text[: next(cuts, len(text))], told)

    def tell(self, text: str, told: list[str]) -> None:
        """Adds text to the part that is being told."""
        if text:
            self.before = text[-1]
            told[self.answering] += self.parts[self.answering].take(text)


def goes_on(text: str) -> bool:
    """Whether a text may be the beginning of a longer mark."""
    return any(pattern.fullmatch(text) for pattern in PARTIAL)


def waiting(text: str) -> int:
    """From where on a text has to wait: there begins a row of beginnings of marks, each within the one before it."""
    size = len(text)
    waits = [False] * size + [True]
    for place in reversed(range(size)):
        if text[place] in "#<":
            ends = (found.end() for pattern in PARTIAL if (found := pattern.match(text, place)))
            waits[place] = any(waits[place + 1 : max(ends, default=place) + 1])
    return waits.index(True)
