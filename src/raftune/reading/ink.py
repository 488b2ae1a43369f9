"""Where ink is on the picture of a page: the true gaps between words, and which way lines run."""

from typing import TYPE_CHECKING

from raftune.readings import Glyphs

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Grey = np.ndarray[tuple[int, int], np.dtype[np.uint8]]

DARKER = 0.72  # of the paper's lightness
NARROW = 400  # pixels: so coarse that lines are dark bands, and letters are nothing
REACH = 0.4  # of the height: by how much the boxes of OCR may end too early or too late


class Ink:
    """The dark pixels of a picture, or the light ones of a dark picture."""

    def __init__(self, image: "Image") -> None:
        import numpy as np

        grey = np.asarray(image.convert("L"))
        paper = float(np.median(grey)) if grey.size else 255.0
        if paper < 128:
            grey, paper = 255 - grey, 255 - paper
        self.dark = grey < DARKER * paper

    def gap(self, before: Glyphs, after: Glyphs) -> float:
        """The widest run of columns without ink, in pixels, where one box ends and the other, to its right, begins.

        A single dark pixel in a column is dust. Boxes that do not leave room for a run are as far apart as they say.
        """
        top, bottom = int(max(0, min(before.top, after.top))), int(max(before.bottom, after.bottom)) + 1
        reach = REACH * (bottom - top)
        left = int(max(before.left, before.right - reach, 0))
        right = int(min(after.right, after.left + reach, self.dark.shape[1]))
        if right <= left:
            return after.left - before.right
        widest = current = 0
        for count in self.dark[top:bottom, left:right].sum(axis=0).tolist():
            current = 0 if count > 1 else current + 1
            widest = max(widest, current)
        return float(widest)


def is_sideways(image: "Image") -> bool:
    """Whether lines of text run down the image: then ink changes more from column to column than from row to row."""
    import numpy as np

    grey = image.convert("L")
    grey.thumbnail((NARROW, NARROW))
    ink = 255.0 - np.asarray(grey, dtype=np.float64)
    # The mean of more pixels is smoother in itself: the change is taken that many times.
    rows, columns = (ink.shape[axis] * float(np.square(np.diff(ink.mean(axis=axis))).sum()) for axis in (1, 0))
    return bool(columns > rows)
