"""A PDF page as a picture, never larger than memory allows."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS_PER_INCH = 72
MOST_PIXELS = 24_000_000


def draw(page: Any, dots_per_inch: float) -> "Image":
    """A pypdfium2 page as a viewer shows it; a huge page is drawn more coarsely."""
    width, height = page.get_size()
    scale = dots_per_inch / POINTS_PER_INCH
    scale *= min(1.0, (MOST_PIXELS / max(1.0, width * height * scale * scale)) ** 0.5)
    picture: Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return picture.convert("RGB")
