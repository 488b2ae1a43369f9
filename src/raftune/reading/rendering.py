"""Draws PDF pages as pictures, in a child process with limits: a hostile page ends the child, not the run."""

import asyncio
import io
import json
import math
import os
import sys
from base64 import b64encode
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from raftune.errors import DocumentError
from raftune.reading.isolation import child, crashed, error_answer, limit, too_large, too_slow
from raftune.readings import Limits

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 20_000_000
LONGEST_SIDE = 8000  # pixels; vision models refuse longer ones
MOST_BYTES = 4_000_000
SMALLER = 0.8
QUALITY = 90
PNG, JPEG = b"\x89PNG", b"\xff\xd8"


async def render_isolated(path: Path, page: int, dots_per_inch: int, limits: Limits) -> bytes:
    """Page `page` (from 1) of a PDF as PNG or JPEG, whichever is smaller, drawn in a child process.

    Large pages are drawn less finely, so that a picture has at most 20 megapixels and 4 MB. Raises DocumentError: "too
    slow", "too large", "crashed" or "damaged".
    """
    task = {"path": str(path), "page": page, "dots_per_inch": dots_per_inch, "limits": asdict(limits)}
    async with child([sys.executable, "-P", "-m", "raftune.reading.rendering", json.dumps(task)]) as process:
        try:
            answer: bytes = await asyncio.wait_for(process.stdout.read(), limits.seconds)
        except TimeoutError as error:
            raise too_slow(path.name, limits.seconds) from error
    if answer.startswith((PNG, JPEG)):
        return answer
    try:
        fault = json.loads(answer)["error"]
    except (ValueError, KeyError, TypeError) as error:
        raise crashed(path.name, f"page {page}") from error
    raise DocumentError(**fault)


def data_url(image: bytes) -> str:
    """A picture as a data URL."""
    kind = "png" if image.startswith(PNG) else "jpeg"
    return f"data:image/{kind};base64,{b64encode(image).decode('ascii')}"


def render(path: Path, number: int, dots_per_inch: int) -> bytes:
    """Page `number` (from 1) of a PDF as PNG or JPEG, in this process. Raises DocumentError "damaged"."""
    import pypdfium2

    try:
        with closing(pypdfium2.PdfDocument(path)) as pdf:
            page = pdf[number - 1]
            width, height = page.get_size()
            scale = fitting_scale(width, height, dots_per_inch / 72)
            return packed(page.render(scale=scale, may_draw_forms=False).to_pil())
    except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
        raise DocumentError(
            f"Page {number} of {path.name} cannot be drawn ({error}).",
            "Open it in a viewer and save it again.",
            "damaged",
        ) from error


def fitting_scale(width: float, height: float, wanted: float) -> float:
    """Pixels a point: the wanted ones, or fewer so that the picture stays within bounds. Sizes in points."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise ValueError(f"its size is {width:g} x {height:g}")
    return min(wanted, math.sqrt(MOST_PIXELS / width / height), LONGEST_SIDE / max(width, height))


def packed(image: "Image") -> bytes:
    """A picture as PNG or JPEG, whichever is smaller; one that is over the bound is made smaller until it fits."""
    image = image.convert("RGB")
    data = min((encoded(image, kind) for kind in ("PNG", "JPEG")), key=len)
    while len(data) > MOST_BYTES:
        image = image.resize((max(1, int(image.width * SMALLER)), max(1, int(image.height * SMALLER))))
        data = encoded(image, "JPEG")
    return data


def encoded(image: "Image", kind: str) -> bytes:
    """A picture's bytes in a format."""
    buffer = io.BytesIO()
    image.save(buffer, format=kind, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return buffer.getvalue()


def main(argument: str) -> None:
    """The child: writes the picture, or an error as a JSON object."""
    task = json.loads(argument)
    path = Path(task["path"])
    with os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)
        limit(Limits(**task["limits"]))
        try:
            answer = render(path, task["page"], task["dots_per_inch"])
        except DocumentError as error:
            answer = json.dumps(error_answer(error, error.reason)).encode()
        except MemoryError:
            answer = json.dumps(error_answer(too_large(path.name), "too large")).encode()
        output.write(answer)


if __name__ == "__main__":
    main(sys.argv[1])
