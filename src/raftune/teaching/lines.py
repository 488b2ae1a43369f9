"""A passage in numbered lines: sentences and rows of tables can be quoted, headings and header rows are only shown."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from raftune.records import Chunk, Language
from raftune.sentences import is_heading, sentence_spans

RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|?")
CHARACTERS_PER_QUESTION: dict[Language, int] = {"en": 150, "ko": 75}
SHORTEST: dict[Language, int] = {"en": 25, "ko": 12}
"""Characters below which a sentence is no ground for a question; Hangul says twice as much in one."""


@dataclass(frozen=True)
class Line:
    """Characters [start, end) of a chunk's text; `number` counts, from 1, those that can be quoted; else None."""

    start: int
    end: int
    text: str
    number: int | None
    is_row: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the chunk's text."""
        return self.start, self.end


def lines_of(chunk: Chunk) -> list[Line]:
    """All lines of a chunk in order; what cannot be quoted has no number.

    That is a heading, a table's header row and the rule below it, and the rest of a sentence at the beginning.
    """
    spans = [part for span in sentence_spans(chunk.text) for part in rows_apart(chunk.text, *span)]
    lines: list[Line] = []
    number = 0
    for index, (start, end) in enumerate(spans):
        text = chunk.text[start:end]
        following = chunk.text[slice(*spans[index + 1])] if index + 1 < len(spans) else ""
        is_row = text.startswith("|")
        shown = is_heading(text) or (is_row and (is_rule(text) or is_rule(following))) or (not index and is_rest(text))
        number += not shown
        lines.append(Line(start, end, text, None if shown else number, is_row))
    return lines


def is_rest(text: str) -> bool:
    """Whether a passage's first line is the rest of a sentence that began before it: no quote for a reader."""
    return text[0].islower() or text[0] in ",;)”"


def rows_apart(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A span, cut after the row of a table that it begins with."""
    if text[start] != "|" or (line_end := text.find("\n", start, end)) < 0:
        return [(start, end)]
    rest = line_end + len(text[line_end:end]) - len(text[line_end:end].lstrip())
    return [(start, line_end), *rows_apart(text, rest, end)]


def is_rule(text: str) -> bool:
    """Whether a row is the rule between a table's header and its body."""
    return text.startswith("|") and RULE.fullmatch(text) is not None


def quotable(lines: Sequence[Line]) -> list[Line]:
    """The lines with a number."""
    return [line for line in lines if line.number is not None]


def question_count(lines: Sequence[Line], language: Language, most: int) -> int:
    """How many questions a passage bears: one for each 150 characters (75 of Korean) begun, at most one a line."""
    bearing = [line for line in quotable(lines) if line.is_row or len(line.text) >= SHORTEST[language]]
    length = sum(len(line.text) for line in bearing)
    return min(most, len(bearing), ceil(length / CHARACTERS_PER_QUESTION[language]))


def show_lines(lines: Sequence[Line], headings: Sequence[str]) -> str:
    """The passage between marks, for a teacher to read."""
    shown = [line.text if line.number is None else f"[{line.number}] {line.text}" for line in lines]
    heading = json.dumps(" > ".join(headings), ensure_ascii=False)
    return "\n".join([f"<PASSAGE heading={heading}>", *shown, "</PASSAGE>"])
