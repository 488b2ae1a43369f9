"""The straight lines drawn on a PDF page: what rules a table, and the edges of shaded cells."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from raftune.reading.pdf.words import Box, Place

THIN = 2.5  # points: a filled strip up to so wide is a line
SHORTEST = 4.0
MOST_OBJECTS = 20_000  # a map or a chart has more; its lines rule no table
MOST_POINTS = 60


Line = tuple[float, float, float]


@dataclass(frozen=True)
class Rules:
    """Horizontal lines as (y, left, right), vertical ones as (x, top, bottom), in points from the top left corner."""

    horizontal: tuple[Line, ...] = ()
    vertical: tuple[Line, ...] = ()


def read_rules(page: Any, place: Place) -> Rules:
    """The lines of a pypdfium2 page."""
    import pypdfium2.raw as pdfium

    boxes: list[Box] = []
    for number, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4)):
        if number >= MOST_OBJECTS:
            return Rules()
        boxes.extend(path_boxes(item, place))
    return rules_of(boxes)


def path_boxes(item: Any, place: Place) -> Iterator[Box]:
    """The straight strokes of a path as thin boxes, and the box of a filled one."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFPath_CountSegments(item.raw)
    if count > MOST_POINTS:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item.raw, ctypes.byref(fill), ctypes.byref(stroke))
    if not fill.value and not stroke.value:
        return
    matrix = item.get_matrix()
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item.raw, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if kind == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield from drawn(points, filled=bool(fill.value))
            points = []
        points.append(place(*matrix.on_point(x.value, y.value)))
    if points:
        yield from drawn(points, filled=bool(fill.value))


def drawn(points: Sequence[tuple[float, float]], *, filled: bool) -> Iterator[Box]:
    """What a polygon or a line of these points looks like: its box if it is filled, else its strokes."""
    if filled:
        across, down = [x for x, _ in points], [y for _, y in points]
        yield (min(across), min(down), max(across), max(down))
        return
    closed = [*points, points[0]] if len(points) > 3 else points
    for (x, y), (next_x, next_y) in pairwise(closed):
        if abs(x - next_x) < 1 or abs(y - next_y) < 1:
            yield (min(x, next_x), min(y, next_y), max(x, next_x), max(y, next_y))


def rules_of(boxes: Sequence[Box]) -> Rules:
    """Thin boxes as lines, and the four edges of the others; what touches in one line is joined."""
    across: list[Line] = []
    down: list[Line] = []
    for left, top, right, bottom in boxes:
        wide, high = right - left, bottom - top
        if high <= THIN and wide >= SHORTEST:
            across.append(((top + bottom) / 2, left, right))
        elif wide <= THIN and high >= SHORTEST:
            down.append(((left + right) / 2, top, bottom))
        elif wide >= SHORTEST and high >= SHORTEST:
            across += [(top, left, right), (bottom, left, right)]
            down += [(left, top, bottom), (right, top, bottom)]
    return Rules(joined(across), joined(down))


def joined(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines at the same place that touch each other, as one."""
    found: list[Line] = []
    level: list[Line] = []
    for line in sorted(lines):
        if level and line[0] - level[0][0] > 1.5:
            found += merged(level)
            level = []
        level.append(line)
    return tuple(found + merged(level))


def merged(level: Sequence[Line]) -> list[Line]:
    """The lines of one level, overlapping ones merged."""
    result: list[Line] = []
    for place, begin, end in sorted(level, key=lambda line: line[1]):
        if result and begin <= result[-1][2] + 3:
            result[-1] = (result[-1][0], result[-1][1], max(result[-1][2], end))
        else:
            result.append((place, begin, end))
    return result
