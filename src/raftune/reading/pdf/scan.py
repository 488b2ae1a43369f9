"""Words that OCR found on a page's picture, with baselines and font sizes, so that they are read like a text layer."""

from collections.abc import Sequence
from statistics import median

from raftune.reading.pdf.words import Layer, Style, Word
from raftune.readings import Glyphs

LEAST_CONFIDENCE = 0.3
DESCENDING = frozenset("gjpqyQ,;()[]{}|/$§")
ASCENT = 0.74  # of the font size: how high letters with an ascender stand
SAME_SIZE = 0.22


def scanned_layer(glyphs: Sequence[Glyphs], pixels: int, width: float, height: float) -> Layer:
    """Words on a picture so many pixels wide as a layer of a page in points, without those of little confidence."""
    scale = width / pixels
    boxes = [
        Glyphs(g.text, g.left * scale, g.top * scale, g.right * scale, g.bottom * scale, g.confidence)
        for g in glyphs
        if g.confidence >= LEAST_CONFIDENCE and g.text.strip()
    ]
    rows = rows_of_boxes(boxes)
    sizes = [row_size(row) for row in rows]
    usual = median(size for size, row in zip(sizes, rows, strict=True) for _ in row) if rows else 0.0
    words = []
    for row, size in zip(rows, sizes, strict=True):
        even = usual if abs(size - usual) < SAME_SIZE * usual else size
        baseline = median(baseline_of(box) for box in row)
        words += [Word(g.text.strip(), g.left, g.top, g.right, g.bottom, baseline, even) for g in row]
    return Layer(width, height, words, [Style(usual, False, 0, False, (0, 0, 0))])


def rows_of_boxes(boxes: Sequence[Glyphs]) -> list[list[Glyphs]]:
    """Boxes side by side on one line of a column: each joins the nearest row to its left that it overlaps in height."""
    rows: list[list[Glyphs]] = []
    for box in sorted(boxes, key=lambda box: box.left):
        best, nearest = None, 1e9
        for row in rows:
            last = row[-1]
            shared = min(last.bottom, box.bottom) - max(last.top, box.top)
            gap = box.left - last.right
            tall = max(last.bottom - last.top, box.bottom - box.top)
            if (
                shared > 0.5 * min(last.bottom - last.top, box.bottom - box.top)
                and -tall < gap < 3 * tall
                and gap < nearest
            ):
                best, nearest = row, gap
        if best is None:
            rows.append([box])
        else:
            best.append(box)
    return rows


def baseline_of(box: Glyphs) -> float:
    """Where a box's letters stand: above its lower edge where some of them descend."""
    descends = any(letter in DESCENDING for letter in box.text)
    return box.bottom - (0.22 * (box.bottom - box.top) if descends else 0.0)


def row_size(row: Sequence[Glyphs]) -> float:
    """The font size of a row, from its tallest letters."""
    heights = sorted(baseline_of(box) - box.top for box in row)
    return heights[(3 * len(heights)) // 4] / ASCENT
