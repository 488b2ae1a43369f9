"""PowerPoint presentations -> a page for each slide: title, text, tables, charts, then the speaker's notes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from raftune.errors import DocumentError
from raftune.reading.archives import entry_names
from raftune.reading.hidden import hidden_note
from raftune.reading.joining import join_blocks
from raftune.reading.office.package import Package, open_package
from raftune.reading.office.slide_shapes import Box, Shape, in_order, places, shapes_of, units
from raftune.reading.office.slide_text import SlideText, is_white
from raftune.reading.xml_parts import attribute, child
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page

MAIN = "ppt/presentation.xml"
WIDE = Box(0, 0, 12_192_000, 6_858_000)


class PptxReader:
    """Reads presentations of PowerPoint 2007 and later."""

    media_type = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

    def accepts(self, path: Path, head: bytes) -> bool:
        """A zip file with a presentation's main part, whatever its name."""
        return MAIN in entry_names(path, head)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:
        """A page for each slide; a hidden one is an empty page with a warning.

        Raises DocumentError: "damaged", "zip bomb", "unsafe archive", "unsafe xml" or "no text".
        """
        with open_package(path) as package:
            pages = list(slides(package, keep_hidden=options.keep_hidden))
        if not any(page.text for page in pages):
            raise DocumentError(f"{path.name} holds no text.", "Remove it, or export it to PDF for OCR.", "no text")
        first = pages[0].text.split("\n")[0]
        yield Reading(first[2:] if first.startswith("# ") else path.stem, map(PageReading, pages), len(pages))


def slides(package: Package, *, keep_hidden: bool) -> Iterator[Page]:
    """The slides in the order they are shown in. Raises DocumentError."""
    main = package.related("", "officeDocument") or MAIN
    presentation, relations = package.xml(main), package.relations(main)
    extent, listed = child(presentation, "sldSz"), child(presentation, "sldIdLst")
    size = WIDE if extent is None else Box(0, 0, units(extent, "cx"), units(extent, "cy"))
    for number, one in enumerate(listed if listed is not None else (), 1):
        # The relation's id and the slide's own number are both called "id"; the former is in a namespace.
        names = [relations[value].target for value in one.attrib.values() if value in relations]
        if not names or names[0] not in package.names:
            yield Page(number=number, text="", warnings=("slide missing from the file",))
        else:
            yield slide(package, names[0], number, size, keep_hidden=keep_hidden)


def slide(package: Package, part: str, number: int, size: Box, *, keep_hidden: bool) -> Page:
    """One slide with its notes."""
    root = package.xml(part)
    if attribute(root, "show", "1") in {"0", "false"} and not keep_hidden:
        return Page(number=number, text="", warnings=("hidden slide left out",))
    layout, layout_part = related_xml(package, part, "slideLayout")
    master, _ = related_xml(package, layout_part, "slideMaster") if layout_part else (None, None)
    shapes = in_order(shapes_of(root, {**places(master), **places(layout)}), size.height)
    ground = has_ground((root, layout, master), shapes)
    text = SlideText(package, package.relations(part), size, keep_hidden, ground)
    blocks = [block for shape in shapes for block in text.blocks(shape)]
    blocks += notes(package, part, text)
    return Page(number=number, text=join_blocks(blocks), warnings=hidden_note(text.hidden))


def related_xml(package: Package, part: str, kind: str) -> tuple[Any | None, str | None]:
    """The part of that kind that another refers to, and its name."""
    found = package.related(part, kind)
    return (package.xml(found) if found else None), found


def has_ground(roots: tuple[Any | None, ...], shapes: list[Shape]) -> bool:
    """Whether something other than plain white may lie behind the text: a background, or a filled shape or picture."""
    if any(shape.is_filled for shape in shapes):
        return True
    background = next(
        (one for root in roots if root is not None and (one := child(root, "cSld", "bg")) is not None), None
    )
    if background is None:
        return False
    plain, named = child(background, "bgPr", "solidFill"), child(background, "bgRef")
    return not any(one is not None and is_white(one) for one in (plain, named))


def notes(package: Package, part: str, text: SlideText) -> list[str]:
    """The speaker's notes under a word that says so."""
    root, _ = related_xml(package, part, "notesSlide")
    shapes = [shape for shape in shapes_of(root, {}) if shape.role == "body"] if root is not None else []
    bodies = [body for shape in shapes if (body := child(shape.element, "txBody")) is not None]
    blocks = [block for body in bodies for block in text.text(body, ground=True, bulleted=False)]
    return ["Notes:", *blocks] if blocks else []


plug = PptxReader()
