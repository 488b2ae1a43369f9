"""Texts as cells of a spreadsheet that runs no formula and changes no number or date; the text comes back exactly."""

import re
from collections.abc import Sequence

# What a spreadsheet takes for a formula, wide forms too, or for a number, an amount, a share, a time or a date.
TAKEN = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|(?=\D*\d)[\d.,:/%$€£₩()\sEe+-]+\Z")
MARK = "'"


def guarded(text: str) -> str:
    """The text as a cell: one apostrophe more in front where a spreadsheet would take it for something else.

    So it does with a text that already has apostrophes there, or the way back would not be known.
    """
    return MARK + text if TAKEN.match(text.lstrip(MARK)) else text


def plain(cell: str) -> str:
    """The text of a cell made by `guarded`. A cell that a person filled in comes back as it is."""
    return cell[1:] if cell.startswith(MARK) and TAKEN.match(cell.lstrip(MARK)) else cell


def one_a_line(quotes: Sequence[str]) -> str:
    """Quotes as one text, each a line; white space in them counts as one space, as it does in locating them."""
    return "\n".join(" ".join(quote.split()) for quote in quotes)


def lines_of(text: str) -> tuple[str, ...]:
    """The quotes of a text made by `one_a_line`."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
