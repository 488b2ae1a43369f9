"""The same questions and answers without documents, to compare tuning with documents to tuning without (DSF)."""

from collections.abc import Iterable, Iterator

from raftune.digest import ID_LENGTH, digest
from raftune.records import Example


def closed_book(example: Example) -> Example:
    """The question and its true answer, in the same split and group; no documents, quotes or reasoning on them."""
    return example.changed(
        documents=(),
        oracle=None,
        document_set=digest(["closed book", example.answer], ID_LENGTH),
        behaviour="memorise",
        reasoning="",
        quotes=(),
        final=example.reference,
        draw=0,
    )


def closed_book_rows(examples: Iterable[Example]) -> Iterator[Example]:
    """One for each answer: of its first draw."""
    return (closed_book(example) for example in examples if example.draw == 0)
