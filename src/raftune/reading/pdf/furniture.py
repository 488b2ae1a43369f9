"""What stands on every page and says nothing about it: running headers, footers, page numbers, marks in the margin."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from raftune.reading.pdf.segments import Segment, cut_row, rows_of, segments_of, words_text
from raftune.reading.pdf.words import Layer, Word

EDGE = 0.13  # of the page's height
FEWEST_PAGES = 3
SET_OFF = 1.6  # of the font size, from baseline to baseline
NUMBER = re.compile(r"\d+")
PAGE_NUMBER = re.compile(r"(?:[-–—]\s*)?(?:#|[ivxlc]{1,6})(?:\s*[-–—])?|Page #(?: of #)?|# ?/ ?#", re.IGNORECASE)
Key = tuple[str, int]


def key_of(segment: Segment) -> Key:
    """What a running line has in common over pages: its words without numbers, its height."""
    return NUMBER.sub("#", segment.text).strip(), round(segment.baseline / 4)


def at_edge(segment: Segment, height: float) -> bool:
    """Whether a segment stands where running lines do."""
    return segment.bottom < EDGE * height or segment.top > (1 - EDGE) * height


def edge_keys(layer: Layer) -> set[Key]:
    """The keys of a page's segments at its upper and lower edge, and of what stands sideways."""
    upright = [word for word in layer.words if not word.turned]
    keys = {key_of(segment) for segment in segments_of(upright) if at_edge(segment, layer.height)}
    return keys | {(text, -1) for text in sideways(layer.words)}


def sideways(words: Iterable[Word]) -> list[str]:
    """The texts that stand sideways, runs of words together."""
    return [" ".join(word.text for word in run) for run in sideways_runs(words)]


def sideways_runs(words: Iterable[Word]) -> list[list[Word]]:
    """Words that stand sideways, in runs that stand in one line."""
    runs: list[list[Word]] = []
    for word in words:
        if not word.turned:
            continue
        if runs and runs[-1][-1].turned == word.turned and abs(runs[-1][-1].left - word.left) < word.size:
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def running_keys(pages: Sequence[set[Key]]) -> set[Key]:
    """The keys that stand on at least three of some neighbouring pages."""
    seen = Counter(key for keys in pages for key in keys)
    return {key for key, count in seen.items() if count >= FEWEST_PAGES}


def without_running(words: Sequence[Word], height: float, running: set[Key]) -> tuple[list[Word], str]:
    """The words of a page that are its own, and the text of its running lines, also those that stand sideways."""
    rows = [cut_row(row) for row in rows_of(word for word in words if not word.turned)]
    first = furniture_rows(rows, height, running)
    last = len(rows) - furniture_rows(rows[first:][::-1], height, running)
    own = [word for row in rows[first:last] for segment in row for word in segment.words]
    lines = [segment.text for row in rows[:first] + rows[last:] for segment in row]
    for run in sideways_runs(words):
        if (words_text(run), -1) in running:
            lines.append(words_text(run))
        else:
            own += run
    return own, "\n".join(lines)


def furniture_rows(rows: Sequence[Sequence[Segment]], height: float, running: set[Key]) -> int:
    """How many of the outermost rows, from an edge inwards, are running lines: white space sets them off from the rest.

    The header of a table that goes on over pages stands at the same place on each of them, but close to its rows.
    """
    count = 0
    while count < len(rows) and is_furniture(rows[count], height, running):
        count += 1
    while 0 < count < len(rows):
        last, own = rows[count - 1][0], rows[count][0]
        if abs(own.baseline - last.baseline) >= SET_OFF * min(own.size, last.size):
            break
        count -= 1
    return count


def is_furniture(row: Sequence[Segment], height: float, running: set[Key]) -> bool:
    """Whether a row at the edge of a page holds running lines and at most one page number. Several are a table's."""
    keys = [key_of(segment) for segment in row]
    if sum(not has_letter(text) for text, _ in keys) > 1 or not all(at_edge(segment, height) for segment in row):
        return False
    return all(key in running or PAGE_NUMBER.fullmatch(key[0]) for key in keys)


def has_letter(text: str) -> bool:
    """Whether a text is more than numbers and signs."""
    return any(character.isalpha() for character in text)
