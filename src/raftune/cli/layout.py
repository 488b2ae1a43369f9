"""Plain text for a terminal of 80 columns; Korean and Chinese characters take two of them."""

import re
from collections.abc import Iterator

COLUMNS = 80
# Escape sequences of a document or a model must not steer a terminal, nor turn the order of its letters round.
CONTROL = re.compile(r"[^\S\n\t ]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """A text without control characters; white space but line feeds, tabs and blanks becomes a blank."""
    return CONTROL.sub(lambda found: " " if found.group().isspace() else "", text)


def width(text: str) -> int:
    """The columns a text takes."""
    from rich.cells import cell_len

    return cell_len(text)


def fitted(text: str, columns: int) -> str:
    """A text in exactly so many columns: padded, or the middle left out, since names differ at both ends."""
    if width(text) <= columns:
        return text + " " * (columns - width(text))
    tail = cut(text[::-1], columns // 2)[::-1]
    head = cut(text, columns - 1 - width(tail))
    return fitted(f"{head}…{tail}", columns)


def cut(text: str, columns: int) -> str:
    """As much of the beginning of a text as so many columns hold."""
    used = 0
    for place, character in enumerate(text):
        used += width(character)
        if used > columns:
            return text[:place]
    return text


def wrapped(text: str, indent: int, first: str = "") -> Iterator[str]:
    """The words of a text in lines of 80 columns, indented but for `first`, which begins the first line."""
    line = first + " " * (indent - width(first))
    empty = True
    for word in text.split():
        if not empty and width(line) + 1 + width(word) > COLUMNS:
            yield line
            line, empty = " " * indent, True
        line += word if empty else f" {word}"
        empty = False
    yield line.rstrip()


def counted(count: int, noun: str) -> str:
    """A count with its noun: 1 file, 2,000 files."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
