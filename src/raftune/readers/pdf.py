"""PDF -> Markdown pages, each by its text layer where that is usable, else by OCR."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from raftune.errors import DocumentError
from raftune.ocr import read_scan
from raftune.reading.pdf.furniture import Key, edge_keys, running_keys, without_running
from raftune.reading.pdf.hidden import hidden_words
from raftune.reading.pdf.image import draw
from raftune.reading.pdf.markdown import Surroundings, Tail, write_page
from raftune.reading.pdf.rules import Rules, read_rules
from raftune.reading.pdf.scan import scanned_layer
from raftune.reading.pdf.words import Layer, main_turn, read_layer, upright, viewer, whole
from raftune.reading.pdf.writer import as_seen
from raftune.readings import PageReading, Reading, ReadOptions, ReadWay
from raftune.records import Page, Way

NEIGHBOURS = 10  # pages on each side that say what runs over pages, and how large running text is
NO_OCR = "a scan, and no OCR is installed"
FEW_LETTERS = 20
SCAN_LETTERS = 200
SCAN_AREA, SMALL_AREA = 0.6, 0.05
PAPER = 200  # of 255
COARSE = 30.0  # dots per inch
MOST_GARBLED = 0.15


@dataclass
class Sheet:
    """A page as it was found: its words turned upright, its lines, and what is said about it."""

    number: int
    layer: Layer
    rules: Rules
    turns: int
    way: Way
    warnings: list[str] = field(default_factory=list)
    hidden: str = ""
    edges: set[Key] = field(default_factory=set)
    sizes: Counter[float] = field(default_factory=Counter)
    vocabulary: frozenset[str] = frozenset()


class PdfReader:
    """Reads with PDFium, page by page, a few pages ahead of what it gives."""

    media_type = "application/pdf"

    def accepts(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - the bytes are enough
        """A PDF announces itself within its first kilobyte (ISO 32000-1, 7.5.2 and Annex H)."""
        return b"%PDF-" in head

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:
        """One document. Raises DocumentError: "encrypted", "damaged", "too many pages", "no text", or "no ocr"."""
        import pypdfium2

        try:
            with closing(pypdfium2.PdfDocument(path)) as pdf:
                count = len(pdf)
                if not count:
                    raise DocumentError(f"{path.name} has no pages.", "Remove it.", "no text")
                if count > options.pages:
                    raise DocumentError(
                        f"{path.name} has {count} pages.", "Split it, or raise ingest.pages.", "too many pages"
                    )
                title = whole(str(pdf.get_metadata_dict().get("Title") or "")).strip()
                yield Reading(title or path.stem, pages(pdf, path.name, options), count, numbered=True)
        except pypdfium2.PdfiumError as error:
            raise refusal(path.name, error) from error


def refusal(name: str, error: Any) -> DocumentError:
    """The error for a file that PDFium does not open."""
    from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

    if getattr(error, "err_code", None) in {FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY}:
        return DocumentError(
            f"{name} is protected by a password.", "Open it in a viewer and save it without a password.", "encrypted"
        )
    return DocumentError(f"{name} is damaged ({error}).", "Open it in a viewer and save it again.", "damaged")


def pages(pdf: Any, name: str, options: ReadOptions) -> Iterator[PageReading]:
    """The pages from `options.first` on. Raises DocumentError where none of the whole document holds text.

    Some pages before the first are looked at too, so that it does not matter where reading begins.
    """
    readable = options.first > 1
    tail = Tail()
    reach = 0 if options.careful else NEIGHBOURS
    begin = options.first if options.careful else max(1, options.first - NEIGHBOURS - 1)
    for sheet, around in with_neighbours(sheets(pdf, begin, options), reach):
        if sheet.number < options.first - 1:
            continue
        layer = sheet.layer
        words, running = without_running(layer.words, layer.height, around.running)
        writer = write_page(words, sheet.rules, around, tail, footnote_marks=options.footnote_marks)
        if sheet.number < options.first:
            continue
        readable = readable or bool(writer.boxes)
        page = Page(
            number=sheet.number,
            text=writer.text,
            way=sheet.way,
            warnings=tuple(sheet.warnings),
            running=f"{running}\n{writer.left_out}".strip(),
            hidden=sheet.hidden,
        )
        size = (layer.height, layer.width) if sheet.turns % 2 else (layer.width, layer.height)
        yield PageReading(page, as_seen(writer.boxes, sheet.turns, layer.width, layer.height), *size)
    if not readable and "vision" not in {options.way, *options.ways.values()}:
        raise no_text(name, sheet.warnings)


def no_text(name: str, warnings: Sequence[str]) -> DocumentError:
    """The error for a document without any text."""
    if NO_OCR in warnings:
        return DocumentError(
            f"{name} is a scan, and no OCR is installed.", "Install it: pip install 'raftune[ocr]'.", "no ocr"
        )
    return DocumentError(f"{name} holds no text.", 'Remove it, or read it with ingest.pdf = "vision".', "no text")


def with_neighbours(found: Iterator[Sheet], reach: int) -> Iterator[tuple[Sheet, Surroundings]]:
    """Each sheet with what the pages around it say, up to `reach` of them on each side."""
    window: deque[Sheet] = deque(islice(found, reach + 1))
    place = 0
    while place < len(window):
        yield window[place], surroundings(window)
        if (following := next(found, None)) is not None:
            window.append(following)
        if place == reach:
            window.popleft()
        else:
            place += 1


def surroundings(sheets: Sequence[Sheet]) -> Surroundings:
    """What some neighbouring pages have in common."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        sizes.update(sheet.sizes)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    words = frozenset().union(*(sheet.vocabulary for sheet in sheets))
    return Surroundings(body, running_keys([sheet.edges for sheet in sheets]), words)


def sheets(pdf: Any, begin: int, options: ReadOptions) -> Iterator[Sheet]:
    """The pages of a document from `begin` on as they are found, one at a time."""
    import pypdfium2

    for number in range(begin, len(pdf) + 1):
        try:
            page = pdf[number - 1]
        except pypdfium2.PdfiumError as error:
            nothing = Layer(0.0, 0.0, [], [])
            yield Sheet(number, nothing, Rules(), 0, "none", [f"not read: damaged ({error})"])
            continue
        with closing(page):
            yield completed(read_sheet(page, number, options))


def completed(sheet: Sheet) -> Sheet:
    """The sheet with what it tells its neighbours."""
    sheet.edges = edge_keys(sheet.layer)
    for word in sheet.layer.words:
        sheet.sizes[round(word.size, 1)] += len(word.text)
    sheet.vocabulary = frozenset(word.text.strip(".,;:()[]\"'“”‘’").lower() for word in sheet.layer.words)
    return sheet


def read_sheet(page: Any, number: int, options: ReadOptions) -> Sheet:
    """A page by its text layer, or by OCR where that is wanted or needed."""
    layer, hidden = read_layer(page), ""
    warnings: list[str] = []
    if not options.keep_hidden:
        layer, hidden = without_hidden(layer, page)
        if hidden:
            warnings.append(f"hidden text left out ({len(hidden)} characters)")
    if wants_ocr(options.ways.get(number, options.way), layer, page):
        scan = read_scan_of(page, options, warnings)
        if scan is not None and letters(scan[0]) > (0 if unusable(layer) else letters(layer)):
            return Sheet(number, scan[0], Rules(), scan[1], "ocr", warnings, hidden)
    turns = main_turn(layer.words)
    place = viewer(page, page.get_rotation() // 90)
    rules = Rules() if turns else read_rules(page, place)
    return Sheet(number, upright(layer, turns), rules, turns, "text", warnings, hidden)


def without_hidden(layer: Layer, page: Any) -> tuple[Layer, str]:
    """The layer without what nobody sees, and the text of that."""
    hidden = hidden_words(layer, page)
    unseen = {id(word) for word in hidden}
    seen = [word for word in layer.words if id(word) not in unseen]
    return replace(layer, words=seen), " ".join(word.text for word in hidden)


def letters(layer: Layer) -> int:
    """How many characters a page has."""
    return sum(len(word.text) for word in layer.words)


def unusable(layer: Layer) -> bool:
    """Whether too many characters have no meaning: a font without a map to Unicode."""
    return layer.garbled > MOST_GARBLED * max(1, letters(layer))


def wants_ocr(way: ReadWay, layer: Layer, page: Any) -> bool:
    """Whether a page is to be read by OCR: asked for, or its text layer says less than its picture."""
    if way in {"ocr", "text"}:
        return way == "ocr"
    if unusable(layer):
        return True
    count = letters(layer)
    if count < FEW_LETTERS:
        return image_share(page) > SMALL_AREA
    return count < SCAN_LETTERS and image_share(page) > SCAN_AREA and is_paper(page)


def is_paper(page: Any) -> bool:
    """Whether a page is mostly white, as a scan with a stamped line of text is, and the picture on a cover is not."""
    shades = draw(page, COARSE).convert("L").histogram()
    return sum(shades[PAPER:]) > sum(shades[:PAPER])


def image_share(page: Any) -> float:
    """How much of a page its largest picture covers, 0 to 1."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    areas = [0.0]
    for item in islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3), 1000):
        left, bottom, right, top = item.get_bounds()
        areas.append((right - left) * (top - bottom) / max(1.0, width * height))
    return min(1.0, max(areas))


def read_scan_of(page: Any, options: ReadOptions, warnings: list[str]) -> tuple[Layer, int] | None:
    """The words that OCR finds, turned upright, and by how many quarter turns; None, with a warning, where it fails."""
    picture = draw(page, options.dots_per_inch)
    try:
        scan = read_scan(picture, options.ocr, None)
    except DocumentError as error:
        if error.reason == "no ocr" and options.ocr != "auto":
            raise
        warnings.append(NO_OCR if error.reason == "no ocr" else f"OCR gave up: {error.reason}")
        return None
    width, height = page.get_size()
    size = (height, width) if scan.turns % 2 else (width, height)
    return scanned_layer(scan.words, scan.width, *size), scan.turns


plug = PdfReader()
