"""Text that a reader of the page does not see: invisible, as light as its ground, tiny, or off the page.

What is suspect by its style is held against the drawn page: where there is no ink, there is no text to read. A scan's
own OCR layer is invisible too, but stands on ink, and makes up nearly all of the page's text.
"""

from typing import TYPE_CHECKING, Any

from raftune.reading.pdf.image import draw
from raftune.reading.pdf.words import Layer, Style, Word

if TYPE_CHECKING:
    from PIL.Image import Image

TINY = 2.0
LIGHT = 200  # of 255: darker text shows on any ground that a person would write on
CONTRAST = 30
OCR_LAYER = 0.8
DOTS_PER_INCH = 72.0


def hidden_words(layer: Layer, page: Any) -> list[Word]:
    """The words of a page that nobody sees."""
    suspects = [word for word in layer.words if is_suspect(layer.styles[word.style])]
    gone = [word for word in layer.words if is_off_page(word, layer) or word.size < TINY]
    if not suspects:
        return gone
    letters = sum(len(word.text) for word in layer.words)
    invisible = sum(len(word.text) for word in suspects if layer.styles[word.style].invisible)
    is_scan = invisible >= OCR_LAYER * letters
    picture = draw(page, DOTS_PER_INCH).convert("L")
    scale = picture.width / max(1.0, layer.width)
    unseen = [
        word
        for word in suspects
        if (layer.styles[word.style].invisible and not is_scan) or not has_ink(picture, word, scale)
    ]
    known = {id(word) for word in gone}
    return gone + [word for word in unseen if id(word) not in known]


def is_suspect(style: Style) -> bool:
    """Whether text of this style may be invisible."""
    return style.invisible or min(style.colour) >= LIGHT


def is_off_page(word: Word, layer: Layer) -> bool:
    """Whether a word stands outside of what a viewer shows."""
    middle, height = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return not (-1 <= middle <= layer.width + 1 and -1 <= height <= layer.height + 1)


def has_ink(picture: "Image", word: Word, scale: float) -> bool:
    """Whether the drawn page shows something in a word's box: light and dark in it differ."""
    left, top = max(0, int(word.left * scale) - 1), max(0, int(word.top * scale) - 1)
    right, bottom = min(picture.width, int(word.right * scale) + 2), min(picture.height, int(word.bottom * scale) + 2)
    if right <= left or bottom <= top:
        return False
    shades = picture.crop((left, top, right, bottom)).tobytes()
    return max(shades) - min(shades) >= CONTRAST
