"""The shapes of a slide: where they stand, what they are for, in the order in which a person reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from raftune.reading.xml_parts import attribute, child, local

FURNITURE = frozenset(["dt", "ftr", "sldNum", "hdr"])
TITLES = frozenset(["title", "ctrTitle"])
BULLETED = frozenset(["body", "obj", ""])
SHAPES = frozenset(["sp", "graphicFrame", "pic", "cxnSp"])
FILLS = frozenset(["solidFill", "gradFill", "pattFill", "blipFill", "grpFill"])
DEEPEST = 30
ROWS = 24  # a slide's height in rows: shapes that begin in the same one are read from left to right


class Box(NamedTuple):
    """A rectangle on the slide, in English Metric Units (914400 an inch)."""

    left: float
    top: float
    width: float
    height: float


class Frame(NamedTuple):
    """How a group's own units map to the slide: factors and offsets."""

    across: float = 1.0
    down: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def place(self, box: Box) -> Box:
        """A box of the group on the slide."""
        left, top = self.left + self.across * box.left, self.top + self.down * box.top
        return Box(left, top, self.across * box.width, self.down * box.height)


@dataclass(frozen=True)
class Shape:
    """A shape with its place (None: not known) and its role: "title", "body", ... or None for no placeholder."""

    element: Any
    box: Box | None
    role: str | None

    @property
    def is_title(self) -> bool:
        """Whether it holds the slide's title."""
        return self.role in TITLES

    @property
    def is_filled(self) -> bool:
        """Whether it has a ground of its own."""
        properties, style = child(self.element, "spPr"), child(self.element, "style", "fillRef")
        if local(self.element) == "pic" or (style is not None and attribute(style, "idx", "0") != "0"):
            return True
        return properties is not None and any(local(one) in FILLS for one in properties)


def shapes_of(root: Any, inherited: Mapping[str, Box]) -> list[Shape]:
    """The shapes of a slide in reading order: the title first, then by rows from the top, each from the left."""
    tree = child(root, "cSld", "spTree")
    shapes = list(walk(tree, inherited, Frame(), 0)) if tree is not None else []
    return [shape for shape in shapes if shape.role not in FURNITURE]


def in_order(shapes: list[Shape], height: float) -> list[Shape]:
    """Shapes in reading order on a slide of that height; those without a place keep theirs after the others."""

    def key(shape: Shape) -> tuple[bool, bool, float, float]:
        box = shape.box
        if box is None:
            return (not shape.is_title, True, 0.0, 0.0)
        return (not shape.is_title, False, int(ROWS * box.top / max(height, 1.0)), box.left)

    return sorted(shapes, key=key)


def walk(tree: Any, inherited: Mapping[str, Box], frame: Frame, depth: int) -> Iterator[Shape]:
    """The shapes of a tree, those in groups too; the older form of new kinds of shapes is left out."""
    for one in tree if depth < DEEPEST else ():
        name = local(one)
        if name == "grpSp":
            yield from walk(one, inherited, group_frame(one, frame), depth + 1)
        elif name in {"AlternateContent", "Choice"}:
            yield from walk(one, inherited, frame, depth + 1)
        elif name in SHAPES:
            place = placeholder(one)
            box = own_box(one)
            if box is not None:
                box = frame.place(box)
            elif place is not None:
                box = next((inherited[key] for key in keys(place) if key in inherited), None)
            yield Shape(one, box, None if place is None else attribute(place, "type"))


def placeholder(element: Any) -> Any | None:
    """The mark that a shape fills a place of the slide's layout, or None."""
    for one in element:
        if local(one).startswith("nv"):
            return child(one, "nvPr", "ph")
    return None


def keys(place: Any) -> tuple[str, str]:
    """What a place is found by in the layout: its number, else its type."""
    return f"#{attribute(place, 'idx', '0')}", attribute(place, "type", "body")


def places(root: Any | None) -> dict[str, Box]:
    """Where the placeholders of a layout or master stand."""
    found: dict[str, Box] = {}
    tree = child(root, "cSld", "spTree") if root is not None else None
    for one in tree if tree is not None else ():
        place, box = placeholder(one), own_box(one)
        if place is not None and box is not None:
            number, kind = keys(place)
            found.setdefault(kind, box)
            if attribute(place, "idx"):
                found[number] = box
    return found


def own_box(element: Any) -> Box | None:
    """The box that a shape gives itself."""
    transform = child(element, "spPr", "xfrm")
    if transform is None:
        transform = child(element, "xfrm")
    return None if transform is None else box_of(transform, "off", "ext")


def box_of(transform: Any, offset: str, extent: str) -> Box | None:
    """The box of an offset and an extent."""
    corner, size = child(transform, offset), child(transform, extent)
    if corner is None or size is None:
        return None
    return Box(units(corner, "x"), units(corner, "y"), units(size, "cx"), units(size, "cy"))


def units(element: Any, name: str) -> float:
    """A length in English Metric Units."""
    text = attribute(element, name, "0")
    return float(text) if text.lstrip("-").isdecimal() else 0.0


def group_frame(group: Any, frame: Frame) -> Frame:
    """How a group's units map to the slide."""
    transform = child(group, "grpSpPr", "xfrm")
    outer = None if transform is None else box_of(transform, "off", "ext")
    inner = None if transform is None else box_of(transform, "chOff", "chExt")
    if outer is None or inner is None:
        return frame
    outer = frame.place(outer)
    across, down = outer.width / (inner.width or 1.0), outer.height / (inner.height or 1.0)
    return Frame(across, down, outer.left - across * inner.left, outer.top - down * inner.top)
