"""Word vectors from the package's data files; skipped where it is not installed."""

import asyncio
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from raftune.embedders import wordllama
from raftune.embedders.wordllama import plug, read_matrix
from raftune.errors import ConfigError, MissingExtra


def test_near_in_meaning_is_near_in_space() -> None:
    pytest.importorskip("tokenizers")
    try:
        embedder = plug()
    except MissingExtra:
        pytest.skip("wordllama is not installed")
    rows = asyncio.run(
        embedder.embed(["The ship left the harbour.", "A boat sailed out of port.", "Bake the bread.", ""])
    )
    near = rows @ rows.T
    assert near[0, 1] > near[0, 2] + 0.1
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert asyncio.run(embedder.embed([])).shape == (0, rows.shape[1])
    assert embedder.name.startswith("wordllama-")


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordllama, "PACKAGE", "no-such-package-here")
    with pytest.raises(MissingExtra, match="not installed") as caught:
        plug()
    assert "raftune[embed]" in caught.value.advice


def test_the_matrix_of_a_file(tmp_path: Path) -> None:
    numbers = np.array([[1, 2], [3, 4]], dtype="<f2")
    head = json.dumps({"embedding.weight": {"dtype": "F16", "shape": [2, 2], "data_offsets": [0, 8]}}).encode()
    path = tmp_path / "w.safetensors"
    path.write_bytes(struct.pack("<Q", len(head)) + head + numbers.tobytes())
    assert read_matrix(path).tolist() == [[1, 2], [3, 4]]
    path.write_bytes(b"\x05")
    with pytest.raises(ConfigError, match="no word vectors"):
        read_matrix(path)
