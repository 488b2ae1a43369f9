"""The columns of a table: where vertical lines, or white strips that hardly any row crosses, part its words."""

from collections.abc import Sequence
from math import inf
from statistics import median

from raftune.reading.pdf.rules import Rules
from raftune.reading.pdf.segments import Segment, cut_row
from raftune.reading.pdf.words import Box, Word

NARROW_GAP = 0.22  # of the font size, between columns that many rows confirm
CLEAR_GAP = 0.7
MANY_ROWS = 8


def walls(rules: Rules, piece: Segment) -> list[float]:
    """The vertical lines at the height of a segment."""
    middle = (piece.top + piece.bottom) / 2
    return [x for x, begin, end in rules.vertical if begin <= middle <= end]


def column_bounds(rows: Sequence[Sequence[Word]], rules: Rules, frame: Box) -> list[float]:
    """Where one column ends and the next begins: at white strips that hardly any row crosses, and at vertical lines."""
    telling = telling_rows(rows)
    if not telling:
        return []
    size = median(word.size for row in telling for word in row)
    many = len(telling) >= MANY_ROWS
    narrowest = (NARROW_GAP if many else CLEAR_GAP) * size
    strips = [strip for strip in white_strips(telling, words_alone=many) if strip[1] - strip[0] >= narrowest]
    lines = inner_walls(rules, frame)
    bounds: list[float] = []
    for number, (left, right) in enumerate(strips):
        inside = [x for x in lines if left - 1 <= x <= right + 1]
        end = strips[number + 1][0] if number + 1 < len(strips) else inf
        if inside or not is_word_space(telling, left, right, end):
            bounds += inside or [(left + right) / 2]
    for x in lines:
        if (
            not any(left - 1 <= x <= right + 1 for left, right in strips)
            and crossings(telling, x) <= len(telling) // 10
        ):
            bounds.append(x)
    return sorted(bounds)


def telling_rows(rows: Sequence[Sequence[Word]]) -> list[Sequence[Word]]:
    """The rows that show where columns are: those of many pieces, below any headings over several columns."""
    counts = [len(cut_row(row)) for row in rows]
    usual = sorted(counts)[-2:][0] if counts else 0  # one row may have more: a justified line with wide spaces
    first = next((number for number, count in enumerate(counts) if 2 * count >= usual), 0)
    return [row for row, count in zip(rows[first:], counts[first:], strict=True) if count >= max(2, usual // 2)]


def inner_walls(rules: Rules, frame: Box) -> list[float]:
    """Where vertical lines stand inside a frame, one for lines that stand together."""
    places: list[float] = []
    for x, begin, end in rules.vertical:
        inside = frame[0] + 6 < x < frame[2] - 6 and end > frame[1] + 2 and begin < frame[3] - 2
        if inside and (not places or x - places[-1] > 4):
            places.append(x)
    return places


def is_word_space(rows: Sequence[Sequence[Word]], left: float, right: float, end: float) -> bool:
    """Whether a strip is only the space between two words of long cells; the next strip begins at `end`."""
    gaps = []
    for row in rows:
        before = [word for word in row if word.right <= right and word.left < left]
        after = [word for word in row if left <= word.left < end and word.right > right]
        if after:
            gaps.append(after[0].left - before[-1].right > 0.85 * after[0].size if before else True)
    return not any(gaps)


def crossings(rows: Sequence[Sequence[Word]], x: float) -> int:
    """How many rows have a word across `x`."""
    return sum(any(word.left + 1 < x < word.right - 1 for word in row) for row in rows)


def white_strips(rows: Sequence[Sequence[Word]], *, words_alone: bool) -> list[tuple[float, float]]:
    """Strips between columns that at most one row in twenty crosses."""
    spans = [(item.left, item.right) for row in rows for item in (row if words_alone else cut_row(row))]
    allowed = len(rows) // 20
    edges = sorted([(left, 1) for left, _ in spans] + [(right, -1) for _, right in spans])
    strips: list[tuple[float, float]] = []
    covering, white_from = 0, 0.0
    for x, change in edges:
        before = covering
        covering += change
        if before <= allowed < covering:
            strips.append((white_from, x))
        elif covering <= allowed < before:
            white_from = x
    return [(left, right) for left, right in strips[1:] if right > left]
