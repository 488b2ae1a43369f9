"""How the cells of a workbook are set: their number formats, and whether their text can be seen."""

from typing import Any, NamedTuple

from raftune.reading.office.number_formats import BUILT_IN
from raftune.reading.xml_parts import attribute, child, local


class CellStyle(NamedTuple):
    """A cell's number format; `white` says that its text is white on a white ground."""

    form: str = "General"
    white: bool = False


def read_styles(root: Any | None) -> list[CellStyle]:
    """The styles that cells name by their position."""
    if root is None:
        return []
    forms = dict(BUILT_IN)
    for one in children(root, "numFmts"):
        forms[whole(attribute(one, "numFmtId"))] = attribute(one, "formatCode")
    white = [is_white(child(font, "color")) for font in children(root, "fonts")]
    filled = [is_filled(fill) for fill in children(root, "fills")]
    return [
        CellStyle(
            forms.get(whole(attribute(one, "numFmtId", "0")), "General"),
            at(white, one, "fontId") and not at(filled, one, "fillId"),
        )
        for one in children(root, "cellXfs")
    ]


def children(root: Any, name: str) -> list[Any]:
    """The elements in a group of that name."""
    group = child(root, name)
    return [] if group is None else list(group)


def at(flags: list[bool], element: Any, name: str) -> bool:
    """The flag at the position that an attribute names."""
    position = whole(attribute(element, name, "0"))
    return 0 <= position < len(flags) and flags[position]


def whole(text: str) -> int:
    """A whole number, or -1."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def is_white(colour: Any | None) -> bool:
    """Whether a colour is white, plainly or as the ground of the theme."""
    if colour is None or attribute(colour, "tint"):
        return False
    return attribute(colour, "rgb").upper().endswith("FFFFFF") or attribute(colour, "theme") == "0"


def is_filled(fill: Any) -> bool:
    """Whether a fill is anything but none or white."""
    pattern = child(fill, "patternFill")
    if pattern is None:
        return len(fill) > 0
    return attribute(pattern, "patternType", "none") != "none" and not is_white(child(pattern, "fgColor"))


def shared_strings(root: Any | None) -> list[str]:
    """The texts that cells name by their position, without the marks of how they are read aloud."""
    return [] if root is None else [rich_text(one) for one in root if local(one) == "si"]


def rich_text(element: Any) -> str:
    """The words of a text that may be set in several ways."""
    texts = []
    for one in element:
        if local(one) == "t":
            texts.append(one.text or "")
        elif local(one) == "r":
            texts += [part.text or "" for part in one if local(part) == "t"]
    return "".join(texts)
