"""Which rows are exported: those that show documents, or the same questions and answers without."""

from collections.abc import Iterable, Iterator
from typing import Literal

from raftune.closed_book import closed_book_rows
from raftune.records import Example


def chosen(examples: Iterable[Example], rows: Literal["raft", "dsf"]) -> Iterator[Example]:
    """The examples as they are, or one without documents for each answer."""
    return iter(examples) if rows == "raft" else closed_book_rows(examples)
