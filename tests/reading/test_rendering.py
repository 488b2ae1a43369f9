"""Pages as pictures, within bounds."""

import asyncio
import io
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from raftune.errors import DocumentError
from raftune.reading.rendering import (
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    data_url,
    fitting_scale,
    packed,
    render_isolated,
)
from raftune.readings import Limits
from tests.pdf_files import Printed, pdf_bytes


def drawn(path: Path, page: int = 1, limits: Limits | None = None, dots_per_inch: int = 100) -> bytes:
    return asyncio.run(render_isolated(path, page, dots_per_inch, limits or Limits()))


def pdf(folder: Path, size: bytes = b"0 0 612 792") -> Path:
    path = folder / "a.pdf"
    data = pdf_bytes([[Printed("Hello", 700)], [Printed("World", 700, size=60)]])
    path.write_bytes(data.replace(b"0 0 612 792", size))
    return path


def test_a_page_is_drawn_at_the_wanted_size(tmp_path: Path) -> None:
    first, second = drawn(pdf(tmp_path)), drawn(pdf(tmp_path), 2)
    assert Image.open(io.BytesIO(first)).size == (850, 1100)
    assert first != second
    assert first == drawn(pdf(tmp_path))
    assert data_url(first).startswith("data:image/png;base64,iVBOR")


def test_a_huge_page_is_drawn_less_finely(tmp_path: Path) -> None:
    width, height = Image.open(io.BytesIO(drawn(pdf(tmp_path, b"0 0 19999 9999"), dots_per_inch=200))).size
    assert width * height <= 1.01 * MOST_PIXELS
    assert max(width, height) <= LONGEST_SIDE + 1


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be drawn") as caught:
        drawn(pdf(tmp_path), 3)
    assert caught.value.reason == "damaged"


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.pdf"
    path.write_bytes(b"%PDF-1.4 nothing else")
    with pytest.raises(DocumentError, match="cannot be drawn"):
        drawn(path)


def test_time_and_memory_are_limited(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        drawn(pdf(tmp_path), limits=Limits(seconds=0.01))
    assert caught.value.reason == "too slow"
    with pytest.raises(DocumentError) as caught:
        drawn(pdf(tmp_path), limits=Limits(megabytes=64))
    assert caught.value.reason in {"too large", "crashed", "damaged"}


def test_noise_is_packed_until_it_fits() -> None:
    noise = Image.frombytes("RGB", (2500, 2500), random.Random(0).randbytes(2500 * 2500 * 3))
    data = packed(noise)
    assert len(data) <= MOST_BYTES
    assert data_url(data).startswith("data:image/jpeg;base64,")


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_every_size_fits(width: float, height: float) -> None:
    scale = fitting_scale(width, height, 200 / 72)
    assert 0 < scale <= 200 / 72
    assert width * height * scale**2 <= 1.001 * MOST_PIXELS
    assert max(width, height) * scale <= 1.001 * LONGEST_SIDE


@pytest.mark.parametrize("size", [(0.0, 5.0), (5.0, float("inf")), (float("nan"), 5.0)])
def test_a_size_that_is_none_is_an_error(size: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="its size is"):
        fitting_scale(*size, 1.0)
