"""Cells of a spreadsheet: nothing in them runs, and every text comes back exactly."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from raftune.reviewing.cells import TAKEN, guarded, lines_of, one_a_line, plain


@given(st.text() | st.from_regex(r"'{0,3}[=+\-@\t\r\n]?[0-9a-zé가'=]{0,5}", fullmatch=True))
@example("=1+1")
@example("'=1+1")
@example("'tis")
@example("\ufeff=1")
def test_every_text_comes_back(text: str) -> None:
    assert plain(guarded(text)) == text


@pytest.mark.parametrize(
    "text",
    ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1", "3.50", "1/2", "2020-01-01", "12e34", "007"],
)
def test_what_a_spreadsheet_would_take_otherwise_begins_with_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "73 ports", "네, 9명", "'tis", "e", "a=1", "(see page)"])
def test_other_texts_stay(text: str) -> None:
    assert guarded(text) == text


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    assert not TAKEN.match(guarded(text))


def test_long_numbers_are_no_trap() -> None:
    assert guarded("1" * 200_000 + "x").startswith("1")


@given(st.lists(st.text()))
def test_quotes_come_back_but_for_their_white_space(quotes: list[str]) -> None:
    assert list(lines_of(one_a_line(quotes))) == [" ".join(quote.split()) for quote in quotes if quote.strip()]
