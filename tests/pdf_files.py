"""Small PDF files made by hand: text with size, place, colour and turn, lines, boxes, pictures, a password if asked."""

from collections.abc import Sequence
from dataclasses import dataclass

Colour = tuple[float, float, float]
BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
TURNS = ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0))
KOREAN = b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Batang /DW 1000 /CIDSystemInfo %s >>" % (
    b"<< /Registry (Adobe) /Ordering (Korea1) /Supplement 2 >>"
)


@dataclass(frozen=True)
class Printed:
    """A line of text: baseline `y` in points from the foot of the page, `turned` by quarter turns counterclockwise."""

    text: str
    y: float
    size: float = 10.0
    x: float = 72.0
    bold: bool = False
    colour: Colour = BLACK
    mode: int = 0
    turned: int = 0


@dataclass(frozen=True)
class Drawn:
    """A straight line from corner to corner, or with a colour a filled box."""

    left: float
    bottom: float
    right: float
    top: float
    colour: Colour | None = None


@dataclass(frozen=True)
class Picture:
    """An image in black and white stripes."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Leaf:
    """A page that is turned, or of another size."""

    items: Sequence[Printed | Drawn | Picture]
    rotate: int = 0
    box: tuple[float, float, float, float] = (0, 0, 612, 792)


Item = Printed | Drawn | Picture


def pdf_bytes(pages: Sequence[Sequence[Item] | Leaf], title: str = "", *, locked: bool = False) -> bytes:
    """A PDF with these pages; a locked one asks for a password nobody has."""
    fonts = [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Batang /Encoding /UniKS-UCS2-H /DescendantFonts [6 0 R] >>",
        KOREAN,
    ]
    picture = (
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 200 /ColorSpace /DeviceGray /BitsPerComponent 8"
        b" /Length 200 >>\nstream\n%s\nendstream" % (b"\x00\xff" * 100)
    )
    first = 9
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        *fonts,
        picture,
        b"<< /Title <%s> >>" % f"\ufeff{title}".encode("utf-16-be").hex().encode(),
    ]
    for number, page in enumerate(pages):
        leaf = page if isinstance(page, Leaf) else Leaf(page)
        content = b"\n".join(operators_of(item) for item in leaf.items)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [%g %g %g %g] /Rotate %d /Contents %d 0 R /Resources"
            b" << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> /XObject << /I1 7 0 R >> >> >>"
            % (*leaf.box, leaf.rotate, first + 1 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    lock = b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32)
    return assembled(objects, b" /Info 8 0 R" + (lock + b" /ID [<00> <00>]" if locked else b""))


def operators_of(item: Item) -> bytes:
    """The operators that draw an item."""
    if isinstance(item, Printed):
        return line_of(item)
    if isinstance(item, Picture):
        return b"q %g 0 0 %g %g %g cm /I1 Do Q" % (
            item.right - item.left,
            item.top - item.bottom,
            item.left,
            item.bottom,
        )
    if item.colour is None:
        return b"0.5 w %g %g m %g %g l S" % (item.left, item.bottom, item.right, item.top)
    size = (item.right - item.left, item.top - item.bottom)
    return b"q %g %g %g rg %g %g %g %g re f Q" % (*item.colour, item.left, item.bottom, *size)


def line_of(line: Printed) -> bytes:
    """The operators that print a line."""
    if line.text.isascii() or all(ord(letter) < 256 for letter in line.text):
        text = line.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("latin-1")
        font, text = (b"/F2" if line.bold else b"/F1"), b"(%s)" % text
    else:
        font, text = b"/F3", b"<%s>" % line.text.encode("utf-16-be").hex().encode()
    place = (*TURNS[line.turned], line.x, line.y)
    return b"BT %g %g %g rg %d Tr %s %g Tf %g %g %g %g %g %g Tm %s Tj ET" % (
        *line.colour,
        line.mode,
        font,
        line.size,
        *place,
        text,
    )


def column(texts: Sequence[str], x: float = 72.0, top: float = 700.0, pitch: float = 12.0) -> list[Printed]:
    """Lines below each other."""
    return [Printed(text, top - pitch * number, x=x) for number, text in enumerate(texts)]


def cells(rows: Sequence[Sequence[str]], lefts: Sequence[float], top: float, pitch: float = 14.0) -> list[Printed]:
    """Rows of cells that begin at these places; an empty cell prints nothing."""
    return [
        Printed(text, top - pitch * number, x=left)
        for number, row in enumerate(rows)
        for left, text in zip(lefts, row, strict=True)
        if text
    ]


def across(heights: Sequence[float], left: float, right: float) -> list[Drawn]:
    """Horizontal lines."""
    return [Drawn(left, height, right, height) for height in heights]


def down(places: Sequence[float], bottom: float, top: float) -> list[Drawn]:
    """Vertical lines."""
    return [Drawn(place, bottom, place, top) for place in places]


def assembled(objects: Sequence[bytes], trailer: bytes) -> bytes:
    """Objects, cross-reference table and trailer."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<< /Size %d /Root 1 0 R%s >>\n" % (len(objects) + 1, trailer)
    return data + head + table + end + b"startxref\n%d\n%%%%EOF\n" % len(data)
