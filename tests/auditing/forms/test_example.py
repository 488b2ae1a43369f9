"""raftune's own rows."""

from raftune.auditing.forms.example import Example
from tests.auditing.sets import stored


def test_a_stored_row_tells_all() -> None:
    row = next(row for row in stored() if row["oracle"] is not None)
    parts = Example().read(row)
    assert Example().accepts(row)
    assert (parts.question, parts.place, parts.group) == (row["text"], row["oracle"], row["group"])
    assert parts.documents[parts.place or 0].find((parts.quotes or ("",))[0]) >= 0
