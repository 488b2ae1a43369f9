"""Korean words from what OCR makes of them: syllables that stand apart, and Latin words it misread."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from raftune.reading.glyphs import area, shared_area, union
from raftune.readings import Glyphs

FEW_GAPS = 40
USUAL_SPACE = 0.25  # of a line's height: between the gaps inside a word (about 0.1) and between words (about 0.35)
SPACES = [hundredth / 100 for hundredth in range(18, 37)]
SURE, DOUBTFUL = 0.8, 0.4
LATIN = re.compile(r"[A-Za-z0-9]")

Line = list[Glyphs]
Gap = Callable[[Glyphs, Glyphs], float]


def box_gap(before: Glyphs, after: Glyphs) -> float:
    """How many pixels lie between two boxes side by side; negative where they overlap."""
    return after.left - before.right


def is_hangul(character: str) -> bool:
    """Whether a character is a Hangul syllable or letter."""
    return "가" <= character <= "힣" or "ㄱ" <= character <= "ㆎ"


def has_hangul(text: str) -> bool:
    """Whether any character is Hangul."""
    return any(map(is_hangul, text))


def joined(lines: Iterable[Line], gap: Gap = box_gap) -> list[Glyphs]:
    """Words from the pieces that Korean OCR cuts them into; each line holds its pieces in reading order.

    Pieces are of one word where the gap between them is small beside the height of the line. Two pieces without Hangul
    stay apart: the spaces of other scripts are found well, and are narrower. `gap` measures, in pixels.
    """
    even = [levelled(line) for line in lines if line]
    space = narrowest_space(even, gap)
    words: list[Glyphs] = []
    for line in even:
        height, start = line_height(line), len(words)
        for piece in line:
            if len(words) > start and touches_hangul(words[-1], piece) and gap(words[-1], piece) < space * height:
                words[-1] = union(words[-1], piece)
            else:
                words.append(piece)
    return words


def touches_hangul(before: Glyphs, after: Glyphs) -> bool:
    """Whether Hangul stands on one side of the gap between two pieces."""
    return is_hangul(before.text[-1]) or is_hangul(after.text[0])


def line_height(line: Line) -> float:
    """The height of a line's taller words, in pixels."""
    heights = sorted(word.bottom - word.top for word in line)
    return max(1.0, heights[len(heights) * 3 // 4])


def levelled(line: Line) -> Line:
    """The line without boxes that reach into the lines above and below, as OCR draws them where it was unsure."""
    top, bottom = median(word.top for word in line), median(word.bottom for word in line)
    slack = 0.25 * (bottom - top)
    return [
        replace(word, top=max(word.top, top - slack), bottom=min(word.bottom, bottom + slack))
        if word.top < bottom and word.bottom > top
        else word
        for word in line
    ]


def narrowest_space(lines: Sequence[Line], gap: Gap) -> float:
    """The gap, in line heights, from which on two pieces are two words: what best parts both kinds of gaps (Otsu)."""
    gaps = [width for width in hangul_gaps(lines, gap) if 0 <= width <= 1]
    if len(gaps) < FEW_GAPS:
        return USUAL_SPACE

    def spread_within(space: float) -> float:
        return spread([width for width in gaps if width < space]) + spread([width for width in gaps if width >= space])

    return min(SPACES, key=spread_within)


def spread(values: Sequence[float]) -> float:
    """The sum of squared distances from the mean."""
    mean = sum(values) / len(values) if values else 0.0
    return sum((value - mean) ** 2 for value in values)


def hangul_gaps(lines: Iterable[Line], gap: Gap) -> Iterator[float]:
    """The gaps between pieces that Hangul stands on both sides of, in line heights."""
    for line in lines:
        height = line_height(line)
        for before, after in pairwise(line):
            if is_hangul(before.text[-1]) and is_hangul(after.text[0]):
                yield gap(before, after) / height


def with_latin(lines: Iterable[Line], latin: Iterable[Glyphs]) -> list[Line]:
    """Lines of Korean OCR, with words of an OCR for Latin script where that is sure and the first saw no Hangul.

    Sure words where the first saw nothing become lines of their own.
    """
    kept = [list(line) for line in lines]
    for word in latin:
        if word.confidence < SURE or len(word.text) < 2 or not LATIN.search(word.text):
            continue
        met = [(line, piece) for line in kept for piece in line if shared_area(word, piece) > 0]
        hits = [(line, piece) for line, piece in met if 2 * shared_area(word, piece) > area(piece)]
        if not any(5 * shared_area(word, piece) > area(word) for _, piece in met):
            kept.append([word])
        elif hits and not any(has_hangul(piece.text) and piece.confidence > DOUBTFUL for _, piece in hits):
            put_in_place(word, hits)
    return [line for line in kept if line]


def put_in_place(word: Glyphs, hits: Sequence[tuple[Line, Glyphs]]) -> None:
    """Puts a word where the first of these pieces stands in its line, and takes the others out of theirs."""
    line, piece = hits[0]
    line[line.index(piece)] = word
    for other_line, other in hits[1:]:
        other_line.remove(other)
