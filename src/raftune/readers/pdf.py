"""PDF text layer -> Markdown pages: paragraphs joined, headings by weight and size, page furniture dropped."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from raftune.contracts import Reading
from raftune.errors import DocumentError
from raftune.records import Page

BOLD = 600
HEADING_LENGTH = 120
FOOTNOTE_SIZE = 0.75
BULLETS = "•◦▪‣●"
SOFT_HYPHEN = "\x02"  # PDFium's mark for a hyphen that only breaks the line
FURNITURE = re.compile(r"\d+")


@dataclass(frozen=True)
class Line:
    """A line of text with its font size, weight, left edge, top and bottom (points from the page's foot)."""

    text: str
    size: float
    weight: int
    left: float
    top: float
    bottom: float


class PdfReader:
    """Reads the text layer with PDFium. Pages without text come out empty."""

    media_type = "application/pdf"

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the bytes are enough
        """A PDF announces itself within its first kilobyte (ISO 32000-1, 7.5.2 and Annex H)."""
        return b"%PDF-" in head

    def read(self, path: Path) -> Reading:
        """All pages as Markdown. Raises DocumentError: "encrypted", "damaged" or "no text"."""
        import pypdfium2

        try:
            with closing(pypdfium2.PdfDocument(path)) as pdf:
                layouts = [list(page_lines(pdf[number])) for number in range(len(pdf))]
                title = str(pdf.get_metadata_dict().get("Title") or path.stem)
        except pypdfium2.PdfiumError as error:
            raise refusal(path.name, error) from error
        if not any(line.text.strip(SOFT_HYPHEN) for lines in layouts for line in lines):
            raise DocumentError(f"{path.name} has no text layer.", "Run it through OCR first.", "no text")
        body, furniture = body_size(layouts), running_lines(layouts)
        pages = [markdown([line for line in lines if furniture_key(line) not in furniture], body) for lines in layouts]
        return Reading(whole(title), tuple(Page(number=number, text=text) for number, text in enumerate(pages, 1)))


def refusal(name: str, error: Any) -> DocumentError:
    """The error for a file that PDFium does not open."""
    from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

    if error.err_code in {FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY}:
        return DocumentError(
            f"{name} is protected by a password.", "Open it in a viewer and save it without a password.", "encrypted"
        )
    return DocumentError(f"{name} is damaged ({error}).", "Open it in a viewer and save it again.", "damaged")


def render_page(path: Path, number: int, dots_per_inch: int = 200) -> bytes:
    """Page `number` (from 1) of a PDF as PNG bytes."""
    import io

    import pypdfium2

    with closing(pypdfium2.PdfDocument(path)) as pdf:
        image = pdf[number - 1].render(scale=dots_per_inch / 72).to_pil()
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


def page_lines(page: Any) -> Iterator[Line]:
    """The lines of a PDFium page in text order; a character that jumps to another baseline starts a new one."""
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()
    characters: list[str] = []
    first, edges = 0, (0.0, 0.0, 0.0)
    box = [ctypes.c_double() for _ in range(4)]
    for index in range(text_page.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text_page, index))
        if character in "\r\n":
            continue
        pdfium.FPDFText_GetCharBox(text_page, index, *box)
        left, _, bottom, top = (value.value for value in box)
        printed = not character.isspace() and character != SOFT_HYPHEN
        if printed and is_footnote_mark(text_page, character, index, first, edges, bottom):
            characters.append(" ")
            continue
        if characters and printed and min(top, edges[2]) < max(bottom, edges[1]):
            yield line_of(text_page, characters, first, edges)
            characters = []
        if not characters:
            first, edges = index, (left, bottom, top)
        elif top > bottom and not character.isspace():
            edges = (edges[0], min(edges[1], bottom), max(edges[2], top))
        characters.append(character)
    if characters:
        yield line_of(text_page, characters, first, edges)


def is_footnote_mark(
    text_page: Any, character: str, index: int, first: int, edges: tuple[float, float, float], bottom: float
) -> bool:
    """Whether a raised small digit inside a line: a mark that would stand in the middle of a quote."""
    import pypdfium2.raw as pdfium

    if index == first or not character.isdigit() or bottom <= edges[1]:
        return False
    size = pdfium.FPDFText_GetFontSize(text_page, index)
    return bool(size < FOOTNOTE_SIZE * pdfium.FPDFText_GetFontSize(text_page, first))


def line_of(text_page: Any, characters: Sequence[str], first: int, edges: tuple[float, float, float]) -> Line:
    """The line made of `characters`, the first of them at index `first` of the page."""
    import pypdfium2.raw as pdfium

    size = float(pdfium.FPDFText_GetFontSize(text_page, first))
    weight = int(pdfium.FPDFText_GetFontWeight(text_page, first))
    text = re.sub(r"\s+", " ", whole("".join(characters))).strip()
    return Line(text, size, weight, edges[0], edges[2], edges[1])


def whole(text: str) -> str:
    """The text with pairs of surrogates joined; a lone one, or a NUL, stands for nothing that can be stored."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def body_size(layouts: Sequence[Sequence[Line]]) -> float:
    """The font size that most characters of the document have."""
    sizes: Counter[float] = Counter()
    for lines in layouts:
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def furniture_key(line: Line) -> tuple[str, int]:
    """What a running header or footer has in common over pages: its words without numbers, its height."""
    return FURNITURE.sub("#", line.text).strip(), round(line.top / 3)


def running_lines(layouts: Sequence[Sequence[Line]]) -> set[tuple[str, int]]:
    """Keys of lines that stand at the same height on at least three pages, and lone page numbers."""
    seen: Counter[tuple[str, int]] = Counter()
    for lines in layouts:
        seen.update({furniture_key(line) for line in lines})
    return {key for key, pages in seen.items() if pages >= 3 or key[0] == "#"}


def markdown(lines: Sequence[Line], body: float) -> str:
    """The lines of one page as Markdown paragraphs and headings."""
    blocks: list[list[Line]] = []
    gap = 1.35 * typical_pitch(lines)
    for line in lines:
        if not line.text:
            continue
        if blocks and continues(blocks[-1], line, gap):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return "\n\n".join(text for block in blocks if (text := block_text(block, body)))


def typical_pitch(lines: Sequence[Line]) -> float:
    """The median distance between the tops of lines that follow each other downwards, in points."""
    pitches = [above.top - below.top for above, below in pairwise(lines) if above.top > below.top]
    return median(pitches) if pitches else 0.0


def continues(block: Sequence[Line], line: Line, gap: float) -> bool:
    """Whether `line` belongs to the paragraph or heading that `block` holds so far."""
    last = block[-1]
    if line.text[0] in BULLETS:
        return False
    if last is block[0] and last.text[0] in BULLETS:
        return 0 < last.top - line.top <= gap
    same_face = round(last.size, 1) == round(line.size, 1) and (last.weight >= BOLD) == (line.weight >= BOLD)
    return same_face and 0 < last.top - line.top <= gap


def block_text(block: Sequence[Line], body: float) -> str:
    """One paragraph, or one heading with its level by size."""
    text = join_lines([line.text for line in block])
    if not text:
        return text
    if text[0] in BULLETS:
        return f"- {text[1:].strip()}"
    larger, bold = block[0].size > 1.05 * body, block[0].weight >= BOLD and block[0].size > 0.95 * body
    if (larger or bold) and len(text) < HEADING_LENGTH and not text.endswith((".", ";", ",")):
        level = 1 if block[0].size > 1.7 * body else 2 if block[0].size > 1.25 * body else 3
        return f"{'#' * level} {text}"
    return text


def join_lines(lines: Sequence[str]) -> str:
    """Lines as running text; a word broken over two lines is made whole."""
    return " ".join(lines).replace(f"{SOFT_HYPHEN} ", "").replace(SOFT_HYPHEN, "")


plug = PdfReader()
