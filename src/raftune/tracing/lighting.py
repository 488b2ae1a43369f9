"""Lights a span on the picture of its page, as a marker pen does."""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from raftune.tracing.places import Box, Place

if TYPE_CHECKING:
    from PIL.Image import Image

YELLOW = (255, 232, 92)
OUTLINE = (176, 122, 0)
MARGIN = 1.0  # points around the letters


def lit(picture: bytes, place: Place) -> bytes:
    """A page's picture (PNG or JPEG) with the place's rectangles lit, as PNG.

    Letters keep their darkness, and it is no darker where two rectangles overlap. A place without rectangles leaves the
    picture as it is.
    """
    from PIL import Image, ImageChops, ImageDraw

    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    areas = list(areas_of(place, image)) if place.rectangles else []
    ink = Image.new("RGB", image.size, "white")
    brush = ImageDraw.Draw(ink)
    for area in areas:
        brush.rectangle(area, fill=YELLOW)
    image = ImageChops.multiply(image, ink)
    pen = ImageDraw.Draw(image)
    for area in areas:
        pen.rectangle(area, outline=OUTLINE, width=max(1, round(image.width / 1200)))
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def areas_of(place: Place, image: "Image") -> Iterable[tuple[float, float, float, float]]:
    """The place's rectangles in pixels, a margin around them; cut to the picture."""
    across, down = image.width / place.size[0], image.height / place.size[1]
    for box in place.rectangles:
        grown = Box(box.left - MARGIN, box.top - MARGIN, box.right + MARGIN, box.bottom + MARGIN)
        left, right = max(0.0, grown.left * across), min(image.width - 1.0, grown.right * across)
        top, bottom = max(0.0, grown.top * down), min(image.height - 1.0, grown.bottom * down)
        if left < right and top < bottom:
            yield left, top, right, bottom
