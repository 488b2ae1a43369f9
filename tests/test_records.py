import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from raftune.errors import StoreError
from raftune.records import Document, Page, Question, Source

QUESTION = Question(chunk="c", item=1, text="항만은 몇 곳입니까?", language="ko")


def test_an_id_stands_for_the_content() -> None:
    again = Question(chunk="c", item=1, text="항만은 몇 곳입니까?", language="ko")
    assert QUESTION.id == again.id
    assert len(QUESTION.id) == 20
    assert QUESTION.id != Question(chunk="c", item=2, text="항만은 몇 곳입니까?", language="ko").id


def test_two_types_with_the_same_fields_have_two_ids() -> None:
    class Other(Question):
        pass

    assert Other(**QUESTION.model_dump()).id != QUESTION.id


def test_known_ids_stay() -> None:
    assert Source(path="a.md", sha256="0" * 64, size=1).id == "6009f9322b0ec9e2a068"


def test_rows_there_and_back() -> None:
    row = QUESTION.to_row()
    assert next(iter(row)) == "id"
    assert Question.from_row(row) == QUESTION


def test_an_altered_row_is_found() -> None:
    with pytest.raises(StoreError, match="does not match"):
        Question.from_row({**QUESTION.to_row(), "text": "other"})


def test_records_are_frozen_and_closed() -> None:
    with pytest.raises(ValidationError):
        QUESTION.item = 2  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Question(chunk="c", item=1, text="x", language="en", colour="red")  # type: ignore[call-arg]


@given(st.lists(st.text(max_size=8), min_size=1, max_size=6), st.data())
def test_a_span_lies_on_the_pages_its_characters_are_on(texts: list[str], data: st.DataObject) -> None:
    pages = tuple(Page(number=number, text=text) for number, text in enumerate(texts, 1))
    document = Document(path="a", sha256="0", media_type="text/plain", title="", language="en", pages=pages)
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    assume(start < end)
    owners = [page.number for page in pages for _ in page.text + "\n"]
    breaks = [character == len(page.text) for page in pages for character in range(len(page.text) + 1)]
    inside = {owner for owner, is_break in list(zip(owners, breaks, strict=True))[start:end] if not is_break}
    empty = {page.number for page in pages if not page.text}
    assert set(document.pages_of(start, end)) - empty == inside
    assert document.pages_of(start, end) == tuple(sorted(document.pages_of(start, end)))
