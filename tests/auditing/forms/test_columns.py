"""The table with named columns."""

from typing import Any

import pytest

from raftune.auditing.forms.columns import Columns

ROW: dict[str, Any] = {"question": "Why?", "documents": ["A", "B"], "oracle": 1, "quotes": ["B"], "final": "C"}


def test_the_oracle_is_known() -> None:
    parts = Columns().read(ROW)
    assert (parts.shown, parts.place, parts.quotes) == (True, 1, ("B",))
    assert parts.target == "##begin_quote##B##end_quote##\n<ANSWER>: C"
    assert Columns().read({**ROW, "oracle": None}).shown is False


def test_an_oracle_beyond_the_documents_is_refused() -> None:
    with pytest.raises(ValueError, match="no document"):
        Columns().read({**ROW, "oracle": 2})
