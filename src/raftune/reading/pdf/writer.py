"""Writes words as text and remembers where on the page each of them stands."""

import re
from collections.abc import Sequence

from raftune.reading.pdf.words import SOFT_HYPHEN, Box, Word, turn_box
from raftune.readings import WordBox

BROKEN = re.compile(r"\w-$")


class Writer:
    """Text so far, and the boxes of its words; `left_out` is what was not repeated from the page before.

    `vocabulary` holds words of the neighbouring pages: they tell whether a word broken over two lines keeps its hyphen.
    """

    def __init__(self, vocabulary: frozenset[str] = frozenset(), *, footnote_marks: bool = True) -> None:
        self.boxes: list[WordBox] = []
        self.left_out = ""
        self._parts: list[str] = []
        self._length = 0
        self._vocabulary = vocabulary
        self._footnote_marks = footnote_marks

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)

    def raw(self, text: str) -> None:
        """Adds text that stands nowhere on the page."""
        self._parts.append(text)
        self._length += len(text)

    def word(self, text: str, word: Word) -> None:
        """Adds a word's text and box."""
        if text:
            self.boxes.append(
                WordBox(self._length, self._length + len(text), word.left, word.top, word.right, word.bottom)
            )
            self.raw(text)

    def words(self, words: Sequence[Word], *, escape: bool = False) -> None:
        """Adds words as running text; one that is broken over two lines is made whole."""
        joint = ""
        for number, word in enumerate(words):
            following = words[number + 1] if number + 1 < len(words) else None
            if word.raised and number:
                self.mark(word, joint)
                joint = " " if following is None or not (following.glued or following.raised) else ""
                continue
            text, after = self.ending(word, following)
            self.raw(joint)
            self.word(text.replace("|", "\\|") if escape else text, word)
            joint = after

    def mark(self, word: Word, joint: str) -> None:
        """Adds a footnote mark; where marks are left out, a space stands in its place."""
        text = word.text.replace(SOFT_HYPHEN, "")
        if not self._footnote_marks:
            self.raw(joint and " ")
        elif any(letter.isdigit() for letter in text) and "[" not in text:
            self.raw("[^")
            self.word(text.strip(","), word)
            self.raw("]")
        else:
            self.word(text, word)

    def ending(self, word: Word, following: Word | None) -> tuple[str, str]:
        """A word's text, and what stands between it and the following one."""
        text = word.text
        if following is None:
            return text.replace(SOFT_HYPHEN, ""), ""
        below = following.baseline > word.baseline + 0.5 * word.size or following.left < word.left
        soft = text.endswith(SOFT_HYPHEN)
        if soft or (below and BROKEN.search(text) and goes_on(text, following.text)):
            stem = text[:-1].replace(SOFT_HYPHEN, "")
            return (f"{stem}-", "") if self.keeps_hyphen(stem, following.text) else (stem, "")
        clean = text.replace(SOFT_HYPHEN, "")
        return clean, "" if following.raised or (following.glued and not below) else " "

    def keeps_hyphen(self, first: str, second: str) -> bool:
        """Whether the two halves of a word are written with a hyphen elsewhere."""
        ends = re.match(r"\w+", second)
        second = ends.group() if ends else second
        last = re.split(r"\W", first)[-1]
        whole, parted = f"{last}{second}".lower(), f"{last}-{second}".lower()
        return "-" in first or not last[-1:].isalpha() or (whole not in self._vocabulary and parted in self._vocabulary)


def goes_on(text: str, following: str) -> bool:
    """Whether a word that ends in a hyphen goes on in the next line: in small letters, or after a figure."""
    return following[:1].islower() or (text[-2:-1].isdigit() and following[:1].isalnum())


def as_seen(boxes: Sequence[WordBox], turns: int, width: float, height: float) -> tuple[WordBox, ...]:
    """Boxes of a page that was turned upright, back on the page as a viewer shows it; `width` and `height` upright."""
    if turns == 0:
        return tuple(boxes)
    return tuple(WordBox(box.start, box.end, *turned(box[2:], turns, width, height)) for box in boxes)


def turned(edges: Sequence[float], turns: int, width: float, height: float) -> Box:
    """A box turned the other way round."""
    left, top, right, bottom = edges
    return turn_box((left, top, right, bottom), -turns % 4, width, height)
