"""Blocks of Markdown -> the text of a page, in one way for all readers."""

import re
from collections.abc import Iterable

LIST_ITEM = re.compile(r" *(?:-|\d+\.) ")
SUPERSCRIPTS = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\ufeff\0"))


def join_blocks(blocks: Iterable[str]) -> str:
    """Blocks with an empty line between them; items of a list follow each other directly."""
    parts: list[str] = []
    last = False
    for block in blocks:
        item = LIST_ITEM.match(block) is not None
        if parts:
            parts.append("\n" if last and item else "\n\n")
        parts.append(block)
        last = item
    return "".join(parts)


def indented(blocks: list[str], width: int) -> str:
    """Blocks under a list's mark: a list follows its item's text directly, other blocks after an empty line."""
    text = blocks[0]
    for block in blocks[1:]:
        text += ("\n" if LIST_ITEM.match(block) else "\n\n") + block
    return re.sub(r"\n(?=[^\n])", "\n" + " " * width, text)


def tidy(text: str) -> str:
    """A paragraph with single spaces, none at the ends of its lines, and no empty line."""
    lines = (" ".join(line.split()) for line in text.translate(UNSEEN).split("\n"))
    return "\n".join(line for line in lines if line)


def raised(text: str) -> str:
    """Raised figures as such, so that ten squared is not a hundred and two."""
    return text.translate(SUPERSCRIPTS) if re.fullmatch(r"[+-]?(?:\d+|n)", text) else text
