import numpy as np

from raftune.vectors import unit_rows


def test_rows_become_unit_vectors_and_nothing_becomes_the_first_axis() -> None:
    rows = unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]]))
    assert rows.dtype == np.float32
    assert np.allclose(rows, [[0.6, 0.8], [1.0, 0.0]])
