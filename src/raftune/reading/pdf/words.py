"""The text layer of a PDF page as words with boxes, as PDFium reads it."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

SOFT_HYPHEN = "\x02"  # PDFium's mark for a hyphen that only breaks the line
SMALLER = 0.85
USUAL_WIDTH = 0.62  # of the font size; wider words are looked at letter by letter
QUARTER = math.pi / 2
BOLD = re.compile(r"bold|black|heavy", re.IGNORECASE)

Box = tuple[float, float, float, float]
Place = Callable[[float, float], tuple[float, float]]


class Word(NamedTuple):
    """A word: its box, baseline and font size in points, and the number of its text object's style.

    `raised` marks a footnote mark, `glued` a word without white space before it. `turned` counts quarter turns
    clockwise against the page. `order` is its place among the words of the file.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    bold: bool = False
    raised: bool = False
    glued: bool = False
    turned: int = 0
    style: int = 0
    order: int = 0


class Style(NamedTuple):
    """What all characters of a text object share: size, weight, quarter turns, visibility, colour (0 to 255)."""

    size: float
    bold: bool
    turned: int
    invisible: bool
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Layer:
    """A page's size, its words in the order of the file, and their styles."""

    width: float
    height: float
    words: list[Word]
    styles: list[Style]
    garbled: int = 0


def read_layer(page: Any) -> Layer:
    """The text layer of a pypdfium2 page, as it is seen: turned as a viewer turns it."""
    width, height = page.get_size()
    turns = page.get_rotation() // 90
    text_page = page.get_textpage()
    try:
        reader = LayerReader(text_page, viewer(page, turns), turns)
        reader.read()
    finally:
        text_page.close()
    return Layer(width, height, reader.words, reader.styles, reader.garbled)


def viewer(page: Any, turns: int) -> Place:
    """A function from PDF coordinates to points from the top left corner of the page as a viewer shows it."""
    left, bottom, right, top = page.get_bbox()
    return (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )[turns % 4]


class LayerReader:
    """Walks over the characters of a text page once, and gathers them into words."""

    def __init__(self, text_page: Any, place: Place, turns: int) -> None:
        self.page = text_page
        self.place = place
        self.turns = turns
        self.words: list[Word] = []
        self.styles: list[Style] = []
        self.garbled = 0
        self._edges = [ctypes.c_double() for _ in range(4)]  # left, top, right, bottom
        left, top, right, bottom = (ctypes.byref(edge) for edge in self._edges)
        self._order_of_rect, self._order_of_box = (left, top, right, bottom), (left, right, bottom, top)
        self._objects: dict[int, int] = {}
        self._fonts: dict[int, bool] = {}
        self._letters: list[str] = []
        self._first = 0
        self._style = -1
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._adjoins = False  # whether the next word follows the last one on its line
        self._glued = False  # and without white space

    def read(self) -> None:
        """Fills `words` and `styles`. A word within one text object takes a few calls, any other is walked through."""
        import pypdfium2.raw as pdfium

        raw = self.page.raw
        codes = [pdfium.FPDFText_GetUnicode(raw, index) for index in range(pdfium.FPDFText_CountChars(raw))]
        characters = list(map(chr, codes))
        start = 0
        for index, character in enumerate([*characters, "\n"]):
            if not (character.isspace() or character == "\0"):
                continue
            if start < index:
                self.read_word(characters, start, index)
            self.end_word(adjoins=character not in "\r\n")
            self._glued = False
            start = index + 1

    def read_word(self, characters: list[str], start: int, end: int) -> None:
        """The characters [start, end), between which there is no white space, as one word or several."""
        import pypdfium2.raw as pdfium

        raw = self.page.raw
        address = self.address_of(start)
        if max(characters[start:end]) >= "\ue000" or self.maps_badly(start):
            self.garbled += sum(self.is_garbled(characters[index], index) for index in range(start, end))
        whole_word = (
            address
            and self.address_of(end - 1) == address
            and SOFT_HYPHEN not in characters[start : end - 1]
            and pdfium.FPDFText_CountRects(raw, start, end - start) == 1
        )
        if whole_word:
            pdfium.FPDFText_GetRect(raw, 0, *self._order_of_rect)
            style, box = self.style_of(address, start), self.placed()
            if is_tight(characters[start:end], box, self.styles[style]):
                self._first, self._style, self._box = start, style, box
                self._letters = characters[start:end]
                return
        for index in range(start, end):
            pdfium.FPDFText_GetCharBox(raw, index, *self._order_of_box)
            self.add(characters[index], index, self.style_of(self.address_of(index), index), self.placed())

    def address_of(self, index: int) -> int:
        """What tells a character's text object from others, or 0."""
        import pypdfium2.raw as pdfium

        found = pdfium.FPDFText_GetTextObject(self.page.raw, index)
        return ctypes.addressof(found.contents) if found else 0

    def placed(self) -> Box:
        """The box that PDFium wrote last, from the page's top left corner."""
        left, top, right, bottom = (edge.value for edge in self._edges)
        (x, y), (other_x, other_y) = self.place(left, top), self.place(right, bottom)
        return (min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y))

    def is_garbled(self, character: str, index: int) -> bool:
        """Whether a character has no meaning that could be read."""
        return character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or self.maps_badly(index)

    def maps_badly(self, index: int) -> bool:
        """Whether a character's font has no map to Unicode for it."""
        import pypdfium2.raw as pdfium

        return bool(pdfium.FPDFText_HasUnicodeMapError(self.page.raw, index) == 1)

    def add(self, character: str, index: int, style: int, box: Box) -> None:
        """Adds a character to the word, or begins another."""
        printed = box[2] > box[0] and box[3] > box[1]
        if self._letters and (style != self._style or (printed and self.jumps(box, style))):
            new, old = self.styles[style], self.styles[self._style]
            if new.turned != old.turned or self.jumps(box, style) or other_size(new.size, old.size):
                near = not self.jumps(box, style)
                self.end_word(adjoins=near)
                self._glued = near
        if not self._letters:
            self._first, self._style, self._box = index, style, box
        elif printed:
            held = self._box
            self._box = (min(held[0], box[0]), min(held[1], box[1]), max(held[2], box[2]), max(held[3], box[3]))
        self._letters.append(character)

    def jumps(self, box: Box, style: int) -> bool:
        """Whether a character stands away from the word so far: on another line, or beyond a gap."""
        held, size = self._box, max(self.styles[style].size, 1.0)
        if self.styles[style].turned % 2:
            held, box = (held[1], held[0], held[3], held[2]), (box[1], box[0], box[3], box[2])
        apart = min(held[3], box[3]) < max(held[1], box[1]) - 0.3 * size
        return apart or box[0] - held[2] > 0.9 * size or held[0] - box[2] > 0.9 * size

    def end_word(self, *, adjoins: bool) -> None:
        """The characters so far are a word."""
        if self._letters:
            self.words.append(self.finished())
            self.lower_leading_mark()
            self._letters = []
            self._adjoins = adjoins
        else:
            self._adjoins = self._adjoins and adjoins

    def finished(self) -> Word:
        """The word, with its baseline; a small raised one beside a larger one takes over that one's baseline."""
        text, style = whole("".join(self._letters)), self.styles[self._style]
        bottom = self._box[3]
        baseline = self.baseline() if not style.turned else bottom
        before = self.words[-1] if self.words else None
        raised = False
        if before is not None and not style.turned and is_beside(before, self._box):
            anchor = before.size if not before.raised else 0.0
            raised = style.size < SMALLER * anchor and baseline < before.baseline - 0.1 * before.size
            raised = raised or (
                before.raised and abs(style.size - before.size) < 0.1 and baseline < before.baseline - 0.5
            )
            raised = raised and all(letter.isdigit() or letter in ",*†‡§–[]" for letter in text)
        if raised and before is not None:
            baseline = before.baseline
        return Word(
            text,
            *self._box,
            baseline,
            style.size,
            style.bold,
            raised,
            self._glued,
            style.turned,
            self._style,
            len(self.words),
        )

    def lower_leading_mark(self) -> None:
        """A small raised number right before a word, as at the head of a footnote, comes down to that baseline."""
        if len(self.words) < 2 or not self._adjoins:
            return
        mark, word = self.words[-2:]
        higher = 0.1 * word.size < word.baseline - mark.baseline < 0.6 * word.size
        if higher and mark.size < SMALLER * word.size and not word.turned and 0 <= word.left - mark.right < word.size:
            self.words[-2:] = [mark._replace(baseline=word.baseline), word._replace(glued=False)]

    def baseline(self) -> float:
        """Where the word's first character stands."""
        import pypdfium2.raw as pdfium

        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(self.page.raw, self._first, ctypes.byref(x), ctypes.byref(y))
        return self.place(x.value, y.value)[1]

    def style_of(self, address: int, index: int) -> int:
        """The number of a text object's style."""
        known = self._objects.get(address) if address else None
        if known is None:
            self.styles.append(style_at(self.page.raw, index, address, self.turns, self._fonts))
            known = self._objects[address] = len(self.styles) - 1
        return known


def is_tight(characters: list[str], box: Box, style: Style) -> bool:
    """Whether a word is as wide as its letters: else there is a gap in it, as between the cells of a table."""
    long_side = box[3] - box[1] if style.turned % 2 else box[2] - box[0]
    widths = sum(1.0 if character >= "\u1100" else USUAL_WIDTH for character in characters)
    return long_side <= (widths + 0.3) * style.size


def is_beside(word: Word, box: Box) -> bool:
    """Whether a box stands right behind a word and reaches into its height."""
    return 0 <= box[0] - word.right + 0.5 < word.size and box[1] < word.baseline and box[3] > word.top - 0.5 * word.size


def style_at(raw: Any, index: int, address: int, turns: int, fonts: dict[int, bool]) -> Style:
    """The style of a character; `fonts` remembers which of them are bold."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    scale, angle = 1.0, 0.0
    if pdfium.FPDFText_GetMatrix(raw, index, ctypes.byref(matrix)):
        scale = math.hypot(matrix.c, matrix.d)
        angle = math.atan2(matrix.b, matrix.a)
    size = float(pdfium.FPDFText_GetFontSize(raw, index)) * scale
    red, green, blue, alpha = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    colour = (ctypes.byref(red), ctypes.byref(green), ctypes.byref(blue), ctypes.byref(alpha))
    pdfium.FPDFText_GetFillColor(raw, index, *colour)
    item = pdfium.FPDFText_GetTextObject(raw, index) if address else None
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item) if item else 0
    invisible = mode in {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP} or alpha.value == 0
    turned = (round(-angle / QUARTER) + turns) % 4
    return Style(size, is_bold(raw, index, item, fonts), turned, invisible, (red.value, green.value, blue.value))


def is_bold(raw: Any, index: int, item: Any, fonts: dict[int, bool]) -> bool:
    """Whether a character's font is bold, by its weight or its name."""
    import pypdfium2.raw as pdfium

    font = pdfium.FPDFTextObj_GetFont(item) if item else None
    address = ctypes.addressof(font.contents) if font else 0
    if not address or address not in fonts:
        heavy = pdfium.FPDFText_GetFontWeight(raw, index) >= 600
        fonts[address] = heavy or BOLD.search(font_name(raw, index)) is not None
    return fonts[address]


def font_name(raw: Any, index: int) -> str:
    """The name of a character's font, such as "ABCDEF+Helvetica-Bold"."""
    import pypdfium2.raw as pdfium

    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(raw, index, name, len(name), None)
    return name.value.decode(errors="replace")


def other_size(one: float, other: float) -> bool:
    """Whether two font sizes differ as much as a footnote mark from its word."""
    return min(one, other) < SMALLER * max(one, other)


def whole(text: str) -> str:
    """The text with pairs of surrogates joined; a lone one, or a control character, is nothing that can be stored."""
    text = re.sub(r"[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b]", "", text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def main_turn(words: list[Word]) -> int:
    """By how many quarter turns clockwise most letters stand: 1 or 3 for a landscape table on a portrait page."""
    letters: Counter[int] = Counter()
    for word in words:
        letters[word.turned] += len(word.text)
    return letters.most_common(1)[0][0] if letters else 0


def upright(layer: Layer, turns: int) -> Layer:
    """The page turned back by so many quarter turns clockwise."""
    if turns == 0:
        return layer
    size = (layer.height, layer.width) if turns % 2 else (layer.width, layer.height)
    words = []
    for word in layer.words:
        box = turn_box((word.left, word.top, word.right, word.bottom), turns, layer.width, layer.height)
        words.append(
            word._replace(
                left=box[0], top=box[1], right=box[2], bottom=box[3], baseline=box[3], turned=(word.turned - turns) % 4
            )
        )
    return Layer(*size, words, layer.styles, layer.garbled)


def turn_box(box: Box, turns: int, width: float, height: float) -> Box:
    """A box on a page of this size after the page is turned by so many quarter turns counterclockwise."""
    left, top, right, bottom = box
    if turns == 1:
        return (top, width - right, bottom, width - left)
    if turns == 2:
        return (width - right, height - bottom, width - left, height - top)
    if turns == 3:
        return (height - bottom, left, height - top, right)
    return box
