"""Lines in reading order -> headings, paragraphs, list items."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from raftune.reading.pdf.segments import Segment
from raftune.reading.pdf.words import SMALLER, SOFT_HYPHEN, Word

GAP = 1.35  # lines of one paragraph stand at most so many times their usual distance apart
USUAL = 1.2  # that distance, where a page does not tell, in font sizes
FARTHEST = 2.6
HEADING_LENGTH = 120
BOLD = 0.95
BULLETS = "•◦▪‣●■□○▶►➢❖\uf0b7\uf0a7\uf06c\uf0d8"
ITEM = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-z][.)]|\([ivx]+\)|[가-하][.)]|[①-⑳])$")


@dataclass(frozen=True)
class Line:
    """The words of a column on one baseline."""

    words: tuple[Word, ...]

    @cached_property
    def _segment(self) -> Segment:
        return Segment(self.words)

    @property
    def text(self) -> str:
        """The words with spaces."""
        return self._segment.text

    @property
    def size(self) -> float:
        """The font size of most letters."""
        return self._segment.size

    @property
    def left(self) -> float:
        """The left edge."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """The right edge."""
        return self.words[-1].right

    @cached_property
    def baseline(self) -> float:
        """The median baseline."""
        return self._segment.baseline

    @cached_property
    def bold(self) -> bool:
        """Whether nearly all letters are bold: a paragraph may well begin with words in bold."""
        heavy = sum(len(word.text) for word in self.words if word.bold)
        return heavy > BOLD * sum(len(word.text) for word in self.words)


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together."""

    lines: tuple[Line, ...]

    @property
    def words(self) -> list[Word]:
        """All words in order."""
        return [word for line in self.lines for word in line.words]

    def mark(self, body: float) -> str:
        """What Markdown puts before it: "## " for a heading, "- " for an item, or ""; `body` is the text's size."""
        first = self.lines[0]
        if first.text[0] in BULLETS:
            return "- "
        text = " ".join(line.text for line in self.lines).replace(SOFT_HYPHEN, "")
        large, bold = first.size > 1.05 * body, first.bold and first.size > 0.95 * body
        if (
            (large or bold)
            and len(text) < HEADING_LENGTH
            and not text.endswith((".", ";", ",", ":"))
            and has_letters(text)
        ):
            return "# " if first.size > 1.7 * body else "## " if first.size > 1.25 * body else "### "
        return ""


def has_letters(text: str) -> bool:
    """Whether a text is more than figures and signs."""
    return sum(character.isalpha() for character in text) >= 2


def lines_from(segments: Sequence[Segment]) -> list[Line]:
    """Segments in reading order as lines: those on one baseline together."""
    rows: list[list[Segment]] = []
    for segment in segments:
        near = rows and abs(segment.baseline - rows[-1][0].baseline) <= 0.35 * min(segment.size, rows[-1][0].size)
        if near and segment.left >= rows[-1][-1].left:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [Line(tuple(word for segment in row for word in segment.words)) for row in rows]


def widest_pitches(lines: Sequence[Line]) -> dict[float, float]:
    """For each font size the most that baselines of one paragraph stand apart, in points."""
    pitches: dict[float, list[float]] = {}
    for above, below in pairwise(lines):
        pitch = below.baseline - above.baseline
        if abs(above.size - below.size) < 0.1 and 0.7 * above.size < pitch < FARTHEST * above.size:
            pitches.setdefault(round(above.size, 1), []).append(pitch)
    return {size: GAP * median(found) for size, found in pitches.items()}


def paragraphs_of(lines: Sequence[Line], pitches: Mapping[float, float]) -> list[Paragraph]:
    """Lines gathered into paragraphs; `pitches` says for each font size how far the lines of one may stand apart."""
    blocks: list[list[Line]] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        gap = pitches.get(round(line.size, 1), GAP * USUAL * line.size)
        if blocks and continues(blocks[-1], line, following, gap):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [Paragraph(tuple(block)) for block in blocks]


def continues(block: Sequence[Line], line: Line, following: Line | None, gap: float) -> bool:
    """Whether a line belongs to the paragraph, heading or item that `block` holds so far."""
    last, first = block[-1], block[0]
    pitch = line.baseline - last.baseline
    if not 0 < pitch <= gap or line.text[0] in BULLETS or begins_footnote(line):
        return False
    if ITEM.match(line.words[0].text) and len(line.words) > 1 and begins_item(first, line):
        return False
    hangs = first.text[0] in BULLETS or ITEM.match(first.words[0].text) or begins_footnote(first)
    if last is first and hangs:
        return True
    same_face = abs(last.size - line.size) < 0.06 * line.size and last.bold == line.bold
    return same_face and not is_indented(block, line, following)


def begins_footnote(line: Line) -> bool:
    """Whether a line begins with the small number of a footnote."""
    first = line.words[0]
    return first.size < SMALLER * line.size and first.text.isdigit()


def begins_item(first: Line, line: Line) -> bool:
    """Whether a line that starts like "2." is an item beside that of `first`, or is set in."""
    return bool(ITEM.match(first.words[0].text)) and abs(line.left - first.left) < line.size


def is_indented(block: Sequence[Line], line: Line, following: Line | None) -> bool:
    """Whether a line is set in as the first of a paragraph, while its neighbours stand at the margin."""
    last = block[-1]
    indent = line.left - last.left
    if not 0.7 * line.size < indent < 4 * line.size or (following is not None and following.size < 0.9 * line.size):
        return False
    return following is not None and abs(following.left - last.left) < 0.3 * line.size
