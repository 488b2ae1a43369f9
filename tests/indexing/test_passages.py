"""Passages by their places in the files of an artifact."""

from pathlib import Path

import numpy as np
import pytest

from raftune import artifact
from raftune.artifact import in_memory
from raftune.errors import StoreError
from raftune.indexing.passages import StoredPassages, lines_of
from raftune.records import Chunk
from tests.indexing.stored import TEXTS, stored


def test_each_row_by_its_place_in_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "ROWS_PER_SHARD", 2)
    chunks = stored(tmp_path, TEXTS)
    lines = np.array([line[:3] for line in lines_of(chunks)], np.int64)
    assert lines[:, 0].tolist() == [0, 0, 1, 1, 2]
    passages = StoredPassages(chunks, lines)
    assert list(passages) == list(chunks)
    assert passages[-1] == list(chunks)[-1]
    with pytest.raises(IndexError):
        passages[5]


def test_rows_in_memory_have_no_places() -> None:
    with pytest.raises(StoreError):
        next(lines_of(in_memory("chunk", Chunk, [])))
