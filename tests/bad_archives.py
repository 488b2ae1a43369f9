"""Office files, e-books and other zip files that are damaged or hostile: name -> bytes and reason, or "read"."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.bad_pdfs import READ, repeated

GIBIBYTE = 1 << 30
LINK_MODE = 0o120777 << 16
ENCRYPTED, STORED, DEFLATED = 1, 0, 8
MAIN = "application/vnd.openxmlformats-officedocument."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TEXT = "The pilot station of Brem answers on channel twelve."
BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))


@dataclass(frozen=True)
class Entry:
    """An entry of a zip file as its headers tell it; `packed` are the bytes that stand in the file."""

    name: bytes
    packed: bytes
    size: int
    crc: int = 0
    method: int = DEFLATED
    flags: int = 0
    attributes: int = 0o100644 << 16


def entry(name: str, text: str, flags: int = 0, attributes: int = 0o100644 << 16) -> Entry:
    """An honest entry."""
    data = text.encode("utf-8", "surrogatepass")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    return Entry(name.encode(), packed, len(data), zlib.crc32(data), DEFLATED, flags, attributes)


def zip_bytes(entries: Iterable[Entry]) -> bytes:
    """A zip file of these entries, whatever they claim."""
    body, directory, count = bytearray(), bytearray(), 0
    for count, one in enumerate(entries, 1):  # noqa: B007 - the count is wanted behind the loop
        common = struct.pack(
            "<HHHHHIIIHH",
            20,
            one.flags | 0x800,
            one.method,
            0,
            33,
            one.crc,
            len(one.packed),
            one.size,
            len(one.name),
            0,
        )
        directory += b"PK\x01\x02" + struct.pack("<H", 0x0314) + common
        directory += struct.pack("<HHHII", 0, 0, 0, one.attributes, len(body)) + one.name
        body += b"PK\x03\x04" + common + one.name + one.packed
    end = struct.pack("<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), len(body), 0)
    return bytes(body + directory) + b"PK\x05\x06" + end


def docx(document: str | Entry, *more: Entry) -> bytes:
    """A Word file with this main part and more entries."""
    part = document if isinstance(document, Entry) else entry("word/document.xml", document)
    return office("word/document.xml", f"{MAIN}wordprocessingml.document.main+xml", part, *more)


def office(target: str, kind: str, *parts: Entry) -> bytes:
    """An Office file."""
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats'
        f'-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{target}" ContentType="{kind}"/></Types>'
    )
    return zip_bytes(
        [entry("[Content_Types].xml", types), entry("_rels/.rels", links(target, "officeDocument")), *parts]
    )


def links(target: str, kind: str, mode: str = "") -> str:
    """A part's relationships: one of a kind to a target."""
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{LINKS}/{kind}" '
        f'Target="{target}"{mode}/></Relationships>'
    )


def word(body: str, doctype: str = "") -> str:
    """The main part of a Word file."""
    return f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'


def paragraph(text: str) -> str:
    """A paragraph of a Word file; its text is XML."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx(sheet: str) -> bytes:
    """A workbook of one sheet."""
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
    book = f'<workbook xmlns="{SHEET}" xmlns:r="{LINKS}">{sheets}</workbook>'
    return office(
        "xl/workbook.xml",
        f"{MAIN}spreadsheetml.sheet.main+xml",
        entry("xl/workbook.xml", book),
        entry("xl/_rels/workbook.xml.rels", links("worksheets/sheet1.xml", "worksheet")),
        entry("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{SHEET}">{sheet}</worksheet>'),
    )


def rows(*cells: str) -> str:
    """The rows of a sheet, each of these cells."""
    return f"<sheetData>{''.join(f'<row>{row}</row>' for row in cells)}</sheetData>"


def cell(place: str, text: str = TEXT) -> str:
    """A cell with text in it."""
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def epub(rootfile: str, chapter: str, *more: Entry) -> bytes:
    """An e-book whose container names a root file, whose one chapter is named by the manifest."""
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        f'<rootfile full-path="{rootfile}" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Tides</dc:title></metadata><manifest>'
        f'<item id="c" href="{chapter}" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    kind = b"application/epub+zip"
    first = Entry(b"mimetype", kind, len(kind), zlib.crc32(kind), STORED)
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{TEXT}</p></body></html>'
    return zip_bytes(
        [first, entry("META-INF/container.xml", container), entry("p.opf", package), entry("c.xhtml", page), *more]
    )


def bomb(size: int, claimed: int) -> Entry:
    """A main part of `size` bytes (a multiple of 1 MiB) that claims to be of `claimed`."""
    return Entry(b"word/document.xml", repeated(b" " * (1 << 20), size >> 20), claimed)


def bad_archives(address: str) -> dict[str, tuple[bytes, str]]:
    """Each file's bytes, and how it is to end; `address` is a URL that nobody may ask for anything."""
    good = word(paragraph(TEXT))
    picture = entry("word/_rels/document.xml.rels", links(f"{address}p.png", "image", ' TargetMode="External"'))
    return {
        "bomb.docx": (docx(bomb(3 * GIBIBYTE, 3 * GIBIBYTE)), "zip bomb"),
        "bomb that lies.docx": (docx(bomb(3 * GIBIBYTE, len(good))), "damaged"),
        "many entries.docx": (docx(good, *(entry(f"word/media/{n}", "") for n in range(60_000))), "zip bomb"),
        "slip.docx": (docx(good, entry("../../etc/x", "x")), "unsafe archive"),
        "absolute.docx": (docx(good, entry("/etc/x", "x")), "unsafe archive"),
        "backslashes.docx": (docx(good, entry("..\\..\\x", "x")), "unsafe archive"),
        "link.docx": (docx(good, entry("word/link.xml", "/etc/passwd", 0, LINK_MODE)), "unsafe archive"),
        "nul.docx": (docx(good, entry("word/header1.xml\0.txt", good)), "unsafe archive"),
        "twice.docx": (docx(good, entry("word/document.xml", word(paragraph("Other.")))), "unsafe archive"),
        "locked.docx": (docx(entry("word/document.xml", good, ENCRYPTED)), "encrypted"),
        "truncated.docx": (docx(good)[:-200], "damaged"),
        "billion laughs.docx": (docx(word(paragraph("&l9;"), f"<!DOCTYPE w [{BILLION}]>")), "unsafe xml"),
        "local entity.docx": (docx(word(paragraph("&x;"), external("file:///etc/passwd"))), "unsafe xml"),
        "remote entity.docx": (docx(word(paragraph("&x;"), external(address))), "unsafe xml"),
        "remote dtd.docx": (docx(word(paragraph(TEXT), f'<!DOCTYPE w SYSTEM "{address}w.dtd">')), READ),
        "remote picture.docx": (docx(good, picture), READ),
        "deep.docx": (docx(word("<w:p>" * 100_000 + "</w:p>" * 100_000)), "damaged"),
        "not xml.docx": (docx("PK and nothing else"), "damaged"),
        "no text.docx": (docx(word("<w:p/>")), "no text"),
        "word file.pdf": (docx(good), READ),
        "plain.zip": (zip_bytes([entry("readme.txt", TEXT)]), "unknown kind"),
        "huge dimension.xlsx": (xlsx(f'<dimension ref="A1:XFD1048576"/>{rows(cell("A1"))}'), READ),
        "far corner.xlsx": (xlsx(rows(cell("A1"), cell("XFD1048576"))), READ),
        "million empty cells.xlsx": (xlsx(rows(*["<c/>" * 1000] * 1000)), "no text"),
        "traversal.epub": (epub("../../../etc/passwd", "c.xhtml"), "damaged"),
        "chapter outside.epub": (epub("p.opf", "../../../../etc/passwd"), "no text"),
        "slip.epub": (epub("p.opf", "c.xhtml", entry("../../etc/x", "x")), "unsafe archive"),
        "remote chapter.epub": (epub("p.opf", f"{address}c.xhtml"), "no text"),
    }


def external(address: str) -> str:
    """A document type with an entity x that stands elsewhere."""
    return f'<!DOCTYPE w [<!ENTITY x SYSTEM "{address}">]>'
