"""What to do about files of kinds that no reader knows."""

import re

GENERAL = "Convert it to PDF, Word or Markdown."
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_ENDINGS = {
    ".doc": "It is an old Word document: save it as .docx.",
    ".xls": "It is an old Excel workbook: save it as .xlsx.",
    ".ppt": "It is an old PowerPoint file: save it as .pptx.",
    ".hwp": "It is a Hangul document: save it as .hwpx or PDF.",
    ".msg": "It is an Outlook message: save it as HTML or text.",
}
KINDS = (
    (rb"HWP Document File", "It is an old Hangul document: save it as .hwpx or PDF."),
    (rb"\{\\rtf", "It is Rich Text: save it as .docx."),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument", "It is an OpenDocument file: save it as .docx."),
    (rb"PK\x03\x04|PK\x05\x06|PK\x07\x08", "It is an archive: unpack it into the documents folder."),
    (
        rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x1f\x8b|BZh|\xfd7zXZ",
        "It is an archive: unpack it into the documents folder.",
    ),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|BM.{4}\0\0\0\0|RIFF.{4}WEBP", "It is an image: save it as PDF."),
    (rb".{4}ftyp(?:heic|heix|mif1|avif)", "It is an image: save it as PDF."),
    (
        rb".{4}ftyp|RIFF.{4}(?:AVI |WAVE)|ID3|OggS|fLaC|\x1a\x45\xdf\xa3",
        "It is sound or film: write down what is said.",
    ),
    (rb"%!PS", "It is PostScript: convert it to PDF with ps2pdf."),
    (rb"AT&TFORM", "It is DjVu: convert it to PDF."),
    (rb".{60}BOOKMOBI|TPZ", "It is a Kindle book: convert it to EPUB."),
    (rb"SQLite format 3\0", "It is a database: export its tables as CSV."),
    (rb"PAR1", "It is a Parquet table: export it as CSV."),
    (rb"(?i:mime-version:|from: <saved by)", "It is a saved web page or message: save it as HTML only."),
    (rb"MZ|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe", "It is a program: remove it."),
    (rb"\s*(?:\xef\xbb\xbf)?<\?xml", "It is XML: convert it to HTML or Markdown."),
)


def advice(head: bytes, name: str = "") -> str:
    """How to make a file readable that begins with `head`; `name` tells apart old Office formats, which begin alike."""
    if head.startswith(OLD_OFFICE):
        ending = name[name.rfind(".") :].lower()
        return OLD_ENDINGS.get(ending, "It is an old Office or Hangul file: save it as .docx, .xlsx, .pptx or .hwpx.")
    return next((text for pattern, text in KINDS if re.match(pattern, head, re.DOTALL)), GENERAL)
