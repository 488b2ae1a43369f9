"""What Word's styles say of a paragraph or a run: its heading level, its list, whether it can be seen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from raftune.reading.xml_parts import attribute, child, local

DEEPEST = 20  # styles that rest on each other in a circle
OFF = frozenset(["0", "false", "off", "none"])
SMALLEST = 4  # half points
LIST_NAME = re.compile(r"list (?:bullet|number) ([2-5])$")  # lists of their own, but set as levels of one
HEADING_NAMES = {f"heading {level}": level for level in range(1, 10)} | {"title": 1}


@dataclass(frozen=True)
class Looks:
    """How text is set. `shaded` says that it has a ground of its own, on which white can be read."""

    vanished: bool = False
    white: bool = False
    size: float = 22.0
    shaded: bool = False
    raised: bool = False

    @property
    def unseen(self) -> bool:
        """Whether no person can see it."""
        return self.vanished or self.size < SMALLEST or (self.white and not self.shaded)


@dataclass(frozen=True)
class Style:
    """A style with what it rests on: looks, outline level (1 to 9; 0 for body), list, level and indent."""

    name: str = ""
    looks: Looks = Looks()
    level: int = 0
    number: str = ""
    depth: int = 0
    indent: int = 0


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: Any | None) -> None:
        elements = [] if root is None else [element for element in root if local(element) == "style"]
        self.elements: Mapping[str, Any] = {attribute(element, "styleId"): element for element in elements}
        defaults = child(root, "docDefaults", "rPrDefault", "rPr") if root is not None else None
        self.plain = Style(looks=looked(defaults, Looks()))
        self.known: dict[str, Style] = {}
        usual = [one for one in elements if attribute(one, "type") == "paragraph" and attribute(one, "default") == "1"]
        self.paragraph = attribute(usual[0], "styleId") if usual else ""

    def style(self, identity: str, depth: int = 0) -> Style:
        """The style of an id, or plain text."""
        if identity not in self.elements or depth > DEEPEST:
            return self.plain
        if identity not in self.known:
            self.known[identity] = self.resolved(self.elements[identity], depth)
        return self.known[identity]

    def resolved(self, element: Any, depth: int) -> Style:
        """A style on top of the one that it is based on."""
        based = child(element, "basedOn")
        style = self.plain if based is None else self.style(attribute(based, "val"), depth + 1)
        name_element = child(element, "name")
        name = "" if name_element is None else attribute(name_element, "val").lower()
        style = with_paragraph(replace(style, name=name), child(element, "pPr"))
        level, deeper = HEADING_NAMES.get(name, style.level), LIST_NAME.match(name)
        depth_in_list = int(deeper[1]) - 1 if deeper else 0
        return replace(style, level=level, indent=depth_in_list, looks=looked(child(element, "rPr"), style.looks))

    def is_shading(self, identity: str) -> bool:
        """Whether a table's style gives cells a ground."""
        element = self.elements.get(identity)
        return element is not None and any(is_ground(one) for one in element.iter() if local(one) == "shd")


def with_paragraph(style: Style, properties: Any | None) -> Style:
    """A style changed by a paragraph's properties: outline level, list."""
    if properties is None:
        return style
    outline, number = child(properties, "outlineLvl"), child(properties, "numPr")
    if outline is not None and (level := attribute(outline, "val")).isdigit():
        style = replace(style, level=int(level) + 1 if int(level) < 9 else 0)
    if number is not None:
        values = {local(part): attribute(part, "val") for part in number}
        depth = values.get("ilvl", str(style.depth))
        style = replace(style, number=values.get("numId", style.number), depth=int(depth) if depth.isdigit() else 0)
    return style


def looked(properties: Any | None, looks: Looks) -> Looks:
    """The looks changed by run properties."""
    if properties is None:
        return looks
    changes: dict[str, Any] = {}
    for one in properties:
        name, value = local(one), attribute(one, "val")
        if name == "vanish":
            changes["vanished"] = value not in OFF
        elif name == "color":
            changes["white"] = value.upper() == "FFFFFF"
        elif name == "sz" and value.isdigit():
            changes["size"] = float(value)
        elif name == "vertAlign":
            changes["raised"] = value == "superscript"
        elif (name == "shd" and is_ground(one)) or (name == "highlight" and value not in {"none", "white"}):
            changes["shaded"] = True
    return replace(looks, **changes)


def is_ground(shading: Any) -> bool:
    """Whether a shading is anything but none or white."""
    fill, pattern = attribute(shading, "fill", "auto").upper(), attribute(shading, "val", "clear")
    return fill not in {"AUTO", "FFFFFF"} or pattern not in {"clear", "nil"}
