"""OCR by the program `tesseract`, where it is installed: English with its `eng` data, Korean with its `kor` data."""

import io
import os
import shutil
import subprocess
from functools import lru_cache
from typing import TYPE_CHECKING

from raftune.errors import DocumentError
from raftune.reading.glyphs import area, certainty, shared_area
from raftune.reading.ink import Ink
from raftune.reading.syllables import Line, has_hangul, joined, with_latin
from raftune.readings import Glyphs
from raftune.records import Language

if TYPE_CHECKING:
    from PIL.Image import Image

SECONDS = 300.0
CODES: dict[Language, str] = {"en": "eng", "ko": "kor"}
SPARSE, PAGE, BLOCK = 11, 3, 6  # page segmentation: words wherever they stand; columns of lines; one block of lines
COVERED = 0.9
SURELY_ENGLISH = 0.85
FEW_SYLLABLES = 8
COLUMNS = 12
WORD_LEVEL = "5"


class Tesseract:
    """Runs `tesseract` once for an English page, and once more for a Korean one."""

    def fits(self, language: Language | None) -> bool:
        """Whether the program and its data for that language (None: for any) are there."""
        installed = languages(shutil.which("tesseract"))
        return any(CODES[one] in installed for one in ([language] if language else CODES))

    def recognize(self, image: "Image", language: Language | None) -> list[Glyphs]:
        """The words of an image. Raises DocumentError ("ocr failed", "too slow") when the program does not end well."""
        installed = languages(shutil.which("tesseract"))
        picture = png(image)
        latin: list[Glyphs] = []
        if "eng" in installed:
            latin = [word for line in read(picture, "eng", SPARSE) for word in line]
            if language == "en" or "kor" not in installed:
                return latin
            if language is None and certainty(latin) >= SURELY_ENGLISH:
                return latin
        lines = korean_lines(picture, "+".join(code for code in ("kor", "eng") if code in installed), latin)
        korean = joined(with_latin(lines, latin), Ink(image).gap)
        return korean if language == "ko" or is_sure_korean(korean) or not latin else latin


def korean_lines(picture: bytes, codes: str, latin: list[Glyphs]) -> list[Line]:
    """The lines of a Korean page, whole, as the gaps between syllables need them.

    On a page with little text, columns are seen where there are none, and lines are lost: where words stand that were
    found without looking for lines (`latin`, whatever they say), the page is read anew as one block.
    """
    lines = read(picture, codes, PAGE)
    if covered(latin, lines) >= COVERED:
        return lines
    block = read(picture, codes, BLOCK)
    return max(lines, block, key=lambda one: covered(latin, one))


def covered(words: list[Glyphs], lines: list[Line]) -> float:
    """The share of these words' area where lines have words too; 1 where there is none."""
    pieces = [piece for line in lines for piece in line]
    total = sum(map(area, words))
    met = sum(area(word) for word in words if any(3 * shared_area(word, piece) > area(word) for piece in pieces))
    return met / total if total else 1.0


def is_sure_korean(words: list[Glyphs]) -> bool:
    """Whether some words that were read well hold Hangul: noise is read as a syllable here and there."""
    sure = [word for word in words if word.confidence > 0.7 and has_hangul(word.text)]
    return sum(len(word.text) for word in sure) >= FEW_SYLLABLES


@lru_cache
def languages(program: str | None) -> frozenset[str]:
    """The language data that a tesseract program has; none without a program."""
    if program is None:
        return frozenset()
    try:
        done = subprocess.run([program, "--list-langs"], capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(done.stdout.decode("utf-8", "replace").split("\n"))


def png(image: "Image") -> bytes:
    """A grey picture of the image."""
    buffer = io.BytesIO()
    image.convert("L").save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def read(picture: bytes, codes: str, segmentation: int) -> list[Line]:
    """What the program finds on a picture, line by line. Raises DocumentError."""
    command = ["tesseract", "-", "-", "-l", codes, "--psm", str(segmentation), "tsv"]
    # Its threads wait for each other more than they work: one is as fast, and leaves the other cores to other files.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(  # noqa: S603
            command, input=picture, capture_output=True, timeout=SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(
            f"tesseract takes longer than {SECONDS:g} seconds for a page.", "Lower ingest.dots_per_inch.", "too slow"
        ) from error
    except OSError as error:
        raise failed(str(error.strerror)) from error
    if done.returncode:
        raise failed(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2] or f"status {done.returncode}")
    return parsed(done.stdout.decode("utf-8", "replace"))


def failed(cause: str) -> DocumentError:
    """The error for a program that does not do its work."""
    return DocumentError(
        f"tesseract failed ({cause}).", "Try it on the page by hand, or set ingest.ocr to rapid.", "ocr failed"
    )


def parsed(table: str) -> list[Line]:
    """The lines of a TSV table of words; rows that are not as they should be are left out."""
    lines: dict[tuple[str, ...], Line] = {}
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) != COLUMNS or cells[0] != WORD_LEVEL or not (text := cells[11].strip()):
            continue
        try:
            left, top, width, height = map(int, cells[6:10])
            confidence = float(cells[10]) / 100
        except ValueError:
            continue
        if width > 0 and height > 0 and 0 <= confidence <= 1:
            word = Glyphs(text, left, top, left + width, top + height, confidence)
            lines.setdefault(tuple(cells[1:5]), []).append(word)
    return list(lines.values())


plug = Tesseract()
