"""Vectors without a model: the same everywhere, near where words are shared."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.embedders import hashed
from raftune.embedders.hashed import DIMENSIONS, plug

CODE = """
import asyncio, hashlib
from raftune.embedders.hashed import plug
print(hashlib.sha256(asyncio.run(plug(64).embed(["항만은 73곳이다", "ports"])).round(5).tobytes()).hexdigest())
"""


def embed(texts: Sequence[str], dimensions: int | None = None) -> Any:
    return asyncio.run(plug(dimensions).embed(texts))


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_each_text_has_its_own_unit_vector_whatever_stands_beside_it(texts: list[str]) -> None:
    rows = embed(texts, 64)
    assert rows.shape == (len(texts), 64)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for text, row in zip(texts, rows, strict=True):
        assert np.allclose(embed([text], 64)[0], row, atol=1e-6)


def test_vectors_are_the_same_in_every_process() -> None:
    outputs = {subprocess.check_output([sys.executable, "-c", CODE], text=True) for _ in range(2)}
    assert len(outputs) == 1


def test_korean_and_english_endings_do_not_matter_much() -> None:
    rows = embed(
        ["항만을 점검하였다", "항만의 점검", "빵을 굽는다", "inspecting ports", "port inspections", "baking bread"]
    )
    near = rows @ rows.T
    assert near[0, 1] > near[0, 2] + 0.1
    assert near[3, 4] > near[3, 5] + 0.1


def test_case_width_and_signs_do_not_count() -> None:
    rows = embed(["Port, of-call!", "port of call", "ＰＯＲＴ of call"])
    assert np.allclose(rows, rows[0])


def test_long_lists_are_worked_on_in_batches(monkeypatch: Any) -> None:
    texts = [f"text number {number}" for number in range(50)]
    whole = embed(texts)
    monkeypatch.setattr(hashed, "CHARACTERS", 100)
    assert np.array_equal(embed(texts), whole)
    assert plug().name == f"hashed-{DIMENSIONS}-1"
