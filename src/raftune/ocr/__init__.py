"""Reading the picture of a page: which engine, which language, and which way up."""

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from raftune.contracts import Ocr
from raftune.errors import DocumentError
from raftune.reading.glyphs import certainty, scaled, stand_on_end, turned
from raftune.reading.ink import is_sideways
from raftune.readings import Glyphs
from raftune.records import Language
from raftune.sentences import is_korean

if TYPE_CHECKING:
    from PIL.Image import Image

BEST_FIRST = ("tesseract", "rapid")
MOST_PIXELS, LONGEST, SHORTEST = 24_000_000, 20_000, 8
READ_WELL = 0.7  # upright text comes out at 0.85 and more, text on its side or head below 0.5
SMALL = 1_000_000  # pixels: with few lines, the way they run is less plain, and another try is quick
ADVICE = "Install one: pip install 'raftune[ocr]' for English, or the packages tesseract-ocr and tesseract-ocr-kor."


@dataclass(frozen=True)
class Scan:
    """What OCR read on a picture.

    The text stands `turns` quarter turns clockwise from upright. The boxes of `words` are in pixels of the picture
    turned back, which is `width` wide and `height` high.
    """

    language: Language
    turns: int
    width: int
    height: int
    words: tuple[Glyphs, ...]


def choose(name: str, language: Language | None) -> Ocr:
    """The engine of that name (a file in this folder), or the best that is there for "auto".

    Raises DocumentError ("no ocr") where there is none for the language (None: for any).
    """
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    if name not in {"auto", *names}:
        raise DocumentError(f"There is no OCR named {name!r}.", f"Choose auto, {', '.join(names)}.", "no ocr")
    for one in BEST_FIRST if name == "auto" else (name,):
        engine: Ocr = import_module(f"{__name__}.{one}").plug
        if engine.fits(language):
            return engine
    wanted = {"ko": "Korean ", "en": "English "}.get(language or "", "")
    which = "No OCR" if name == "auto" else f"The OCR {name!r} is not there, or not"
    raise DocumentError(f"{which} for {wanted}pictures of text is installed.", ADVICE, "no ocr")


def recognize_page(image: "Image", name: str, hint: Language | None) -> tuple[Language, list[Glyphs]]:
    """The language of a page, and its words with boxes in pixels of the image, however it was turned.

    As `read_scan`, for callers that do not put the words in order.
    """
    scan = read_scan(image, name, hint)
    return scan.language, turned(scan.words, scan.turns, scan.width, scan.height)


def read_scan(image: "Image", name: str, hint: Language | None) -> Scan:
    """What the engine `name` (or "auto") reads on a picture, upright or turned; `hint` is the language if it is known.

    A blank or tiny picture has no words. A huge one is read at a smaller size. Raises DocumentError ("no ocr").
    """
    engine = choose(name, hint)
    small, factor = bounded(image)
    attempts: list[tuple[int, list[Glyphs]]] = []
    if min(small.size) >= SHORTEST:
        for turns, language in ways_to_read(small, hint, attempts):
            attempts.append((turns, engine.recognize(upright(small, turns), language)))
    turns, words = next((one for one in attempts if read_well(one[1])), attempts[0] if attempts else (0, []))
    width, height = image.size[::-1] if turns % 2 else image.size
    text = " ".join(word.text for word in words if word.confidence > 0.5)
    language = "ko" if is_korean(text) else "en" if text else hint or "en"
    return Scan(language, turns, width, height, tuple(scaled(words, 1 / factor)))


def ways_to_read(
    image: "Image", hint: Language | None, attempts: list[tuple[int, list[Glyphs]]]
) -> Iterator[tuple[int, Language | None]]:
    """What to try next, (turns, language), while no attempt went well: another language, then other ways up."""
    yield 0, hint
    if hint is not None and not settled(attempts):
        yield 0, None
    if not settled(attempts):
        sideways = stand_on_end(attempts[-1][1]) or is_sideways(image)
        likely = (1, 3) if sideways else (2,)
        for turns in likely if image.width * image.height > SMALL else dict.fromkeys((*likely, 1, 2, 3)):
            yield turns, None
            if settled(attempts):
                return


def settled(attempts: list[tuple[int, list[Glyphs]]]) -> bool:
    """Whether the last attempt went well, or saw nothing."""
    return not attempts[-1][1] or read_well(attempts[-1][1])


def read_well(words: list[Glyphs]) -> bool:
    """Whether an engine is sure of most of what it read, and did not read lines that run down the image."""
    return certainty(words) >= READ_WELL and not stand_on_end(words)


def bounded(image: "Image") -> tuple["Image", float]:
    """The image at a size that memory allows, and by what factor it was made smaller."""
    width, height = image.size
    factor = min(1.0, (MOST_PIXELS / max(1, width * height)) ** 0.5, LONGEST / max(1, width, height))
    if factor == 1.0:
        return image, factor
    return image.convert("RGB").resize((max(1, round(width * factor)), max(1, round(height * factor)))), factor


def upright(image: "Image", turns: int) -> "Image":
    """The image turned counterclockwise by so many quarter turns."""
    from PIL.Image import Transpose

    way = (None, Transpose.ROTATE_90, Transpose.ROTATE_180, Transpose.ROTATE_270)[turns]
    return image if way is None else image.transpose(way)
