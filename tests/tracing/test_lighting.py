"""The lit rectangle lies on the words, however the page is turned."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image

from raftune.reading.isolation import read_isolated
from raftune.reading.rendering import render_isolated
from raftune.readings import Limits, PageReading, ReadOptions
from raftune.tracing.lighting import YELLOW, lit
from raftune.tracing.places import Box, Place, lines_of
from tests.pdf_files import Leaf, Printed, pdf_bytes

SENTENCE = "The ferry to the northern harbour leaves at nine on weekdays."


def picture(width: int, height: int, colour: str = "white") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, format="PNG")
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    assert data.startswith(b"\x89PNG")
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_overlapping_rectangles_are_lit_once() -> None:
    place = Place(1, "text", (Box(10, 10, 40, 20), Box(30, 10, 60, 20)), (100, 100))
    image = opened(lit(picture(200, 200), place))
    assert image.getpixel((50, 30)) == image.getpixel((70, 35)) == YELLOW
    assert image.getpixel((150, 150)) == (255, 255, 255)


def test_black_stays_black_and_white_letters_turn_yellow() -> None:
    place = Place(1, "text", (Box(0, 0, 90, 90),), (100, 100))
    assert opened(lit(picture(100, 100, "black"), place)).getpixel((50, 50)) == (0, 0, 0)


def test_rectangles_over_the_edge_are_cut_and_those_beyond_left_out() -> None:
    place = Place(1, "text", (Box(90, 90, 500, 500), Box(300, 300, 400, 400)), (100, 100))
    assert opened(lit(picture(100, 100), place)).getpixel((95, 95)) == YELLOW


def test_a_place_without_rectangles_leaves_the_picture() -> None:
    assert opened(lit(picture(10, 10), Place(1, "ocr"))).getcolors() == [(100, (255, 255, 255))]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_all_ink_of_a_line_is_lit(tmp_path: Path, rotate: int) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_bytes([Leaf([Printed(SENTENCE, 500)], rotate=rotate)]))

    async def read() -> tuple[PageReading, bytes]:
        pages = [one async for one in read_isolated(path, ReadOptions(), Limits()) if isinstance(one, PageReading)]
        return pages[0], await render_isolated(path, 1, 150, Limits())

    page, drawn = asyncio.run(read())
    boxes = tuple(lines_of(Box(*word[2:]) for word in page.words))
    ink = opened_any(drawn).convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
    scale = opened_any(drawn).width / page.width
    assert ink is not None
    around = (
        min(box.left for box in boxes) * scale - 2,
        min(box.top for box in boxes) * scale - 2,
        max(box.right for box in boxes) * scale + 2,
        max(box.bottom for box in boxes) * scale + 2,
    )
    assert around[0] <= ink[0]
    assert around[1] <= ink[1]
    assert around[2] >= ink[2]
    assert around[3] >= ink[3]
    image = opened(lit(drawn, Place(1, "text", boxes, (page.width, page.height))))
    assert any(colour == YELLOW for _, colour in image.getcolors(1 << 20) or [])


def opened_any(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
