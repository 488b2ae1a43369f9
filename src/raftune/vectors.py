"""Rows of numbers that stand for texts."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


def unit_rows(rows: Any) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """The rows scaled to length 1, as float32; a row of zeros becomes the first axis."""
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)
    unit[lengths[:, 0] == 0, 0] = 1
    return unit
