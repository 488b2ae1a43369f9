"""Small PDF files made by hand: lines of text with size and place, bold where asked, a password where asked."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Printed:
    """A line of text: baseline `y` in points from the foot of the page."""

    text: str
    y: float
    size: float = 10.0
    x: float = 72.0
    bold: bool = False


def pdf_bytes(pages: Sequence[Sequence[Printed]], title: str = "", *, locked: bool = False) -> bytes:
    """A PDF with these pages; a locked one asks for a password nobody has."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (6 + 2 * number) for number in range(len(pages)))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
        b"<< /Title (%s) >>" % title.encode(),
    ]
    for number, lines in enumerate(pages):
        content = b"\n".join(line_of(line) for line in lines)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (7 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    lock = b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32)
    return assembled(objects, b" /Info 5 0 R" + (lock + b" /ID [<00> <00>]" if locked else b""))


def line_of(line: Printed) -> bytes:
    """The operators that print a line."""
    text = line.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("latin-1")
    font = b"/F2" if line.bold else b"/F1"
    return b"BT %s %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET" % (font, line.size, line.x, line.y, text)


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
