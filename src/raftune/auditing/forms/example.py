"""raftune's own rows, as the stage assemble stores them."""

from raftune.auditing.forms import Parts, Row
from raftune.auditing.forms.columns import Columns


class Example:
    """Documents and quotes are objects with their origin; split, group and behaviour are told."""

    name = "raftune"

    def accepts(self, row: Row) -> bool:
        """Whether the fields of an example are there."""
        return {"documents", "behaviour", "reference", "text", "document_set"} <= row.keys()

    def read(self, row: Row) -> Parts:
        """All that the row tells. Raises ValueError, KeyError or TypeError if it is broken."""
        texts = {
            "question": row["text"],
            "documents": [document["text"] for document in row["documents"]],
            "quotes": [quote["text"] for quote in row["quotes"]],
        }
        return Columns().read({**row, **texts})
