"""OCR by RapidOCR, whose weights come inside its package: English without any program to install."""

import os
from functools import cached_property
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raftune.errors import DocumentError
from raftune.readings import Glyphs
from raftune.records import Language

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST = 2000  # pixels
MOST_THREADS = 4  # each takes address space, which readers have little of

Corners = list[list[float]]


class Rapid:
    """Finds lines, and reads each; Hangul is not among the characters that the packaged weights know."""

    def fits(self, language: Language | None) -> bool:
        """Whether the package and its runtime are there; never for Korean."""
        return language != "ko" and find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None

    def recognize(self, image: "Image", language: Language | None) -> list[Glyphs]:  # noqa: ARG002 - one set of weights
        """The words of an image. Raises DocumentError ("no ocr") where the packaged weights are missing."""
        import numpy as np

        found = self.engine(np.asarray(image.convert("RGB"))[:, :, ::-1])
        if found.txts is None or found.boxes is None:
            return []
        lines = zip(found.txts, found.scores, found.boxes.tolist(), strict=True)
        cells: list[Any] = list(found.word_results)
        if len(cells) != len(found.txts):
            cells = [()] * len(found.txts)
        return [
            word
            for (text, score, corners), characters in zip(lines, cells, strict=True)
            for word in words_of(text, float(score), corners, characters)
        ]

    @cached_property
    def engine(self) -> Any:
        """The engine with the weights of its own package: nothing is fetched."""
        import rapidocr

        folder = Path(rapidocr.__file__).parent / "models"
        return rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.return_word_box": True,
                "Global.return_single_char_box": True,
                "Det.limit_type": "max",  # the other way, a narrow strip is enlarged beyond memory
                "Det.limit_side_len": LONGEST,
                "Global.max_side_len": LONGEST,
                "Global.use_cls": False,  # it turns single lines on their heads, and hides that the page is
                "Det.model_path": weights(folder, "det"),
                "Rec.model_path": weights(folder, "rec"),
                "EngineConfig.onnxruntime.intra_op_num_threads": min(MOST_THREADS, os.cpu_count() or 1),
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )


def weights(folder: Path, task: str) -> str:
    """The packaged weights for a task. Raises DocumentError: without a path, the package would fetch them."""
    for path in sorted(folder.glob(f"*_{task}_*.onnx")):
        return str(path)
    raise DocumentError(
        "The installed rapidocr comes without weights.",
        "Install it anew: pip install --force-reinstall rapidocr.",
        "no ocr",
    )


def words_of(text: str, score: float, corners: Corners, characters: Any) -> list[Glyphs]:
    """The words of a line; `characters` are (character, score, corners) for all but white space, if they are known."""
    pieces = text.split()
    boxes = [cell[2] for cell in characters] if "".join(cell[0] for cell in characters) == "".join(pieces) else []
    if not boxes:
        return [
            Glyphs(piece, *box_of(quad), score)
            for piece, quad in zip(pieces, in_proportion(text, pieces, corners), strict=True)
        ]
    ends = accumulate((len(piece) for piece in pieces), initial=0)
    return [
        Glyphs(piece, *box_of([corner for quad in boxes[start:end] for corner in quad]), score)
        for piece, (start, end) in zip(pieces, pairwise(ends), strict=True)
    ]


def in_proportion(text: str, pieces: list[str], corners: Corners) -> list[Corners]:
    """Where words stand on a line, if all characters were equally wide."""
    quads, position = [], 0
    for piece in pieces:
        start = text.index(piece, position)
        position = start + len(piece)
        quads.append([along(corners, place / len(text), side) for place in (start, position) for side in (0, 1)])
    return quads


def along(corners: Corners, share: float, side: int) -> list[float]:
    """The point at a share of a line's upper (0) or lower (1) edge; corners go round from the upper left."""
    first, last = (corners[0], corners[1]) if side == 0 else (corners[3], corners[2])
    return [first[axis] + share * (last[axis] - first[axis]) for axis in (0, 1)]


def box_of(corners: Corners) -> tuple[float, float, float, float]:
    """The upright box around some points: left, top, right, bottom."""
    across, down = [float(corner[0]) for corner in corners], [float(corner[1]) for corner in corners]
    return min(across), min(down), max(across), max(down)


plug = Rapid()
