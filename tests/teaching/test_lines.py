"""What can be quoted, what is only shown, and how many questions a passage bears."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.teaching.lines import is_rule, lines_of, question_count, quotable, show_lines
from tests.teaching.manners import ENGLISH, KOREAN, chunk


def test_headings_and_header_rows_are_shown_without_a_number() -> None:
    shown = show_lines(lines_of(chunk()), ("1 Rules", "Ports"))
    assert shown.splitlines() == [
        '<PASSAGE heading="1 Rules > Ports">',
        "# Ports",
        "[1] The Agency inspected 73 ports during 2021, nine of them twice.",
        "[2] Licences of pilots are renewed every two years unless the holder has left the country.",
        "| Port | Ships |",
        "| --- | --- |",
        "[3] | North | 410 |",
        "[4] | South | 365 |",
        "[5] First submit the form, then pay the fee of 40 dollars at the office of the Agency.",
        "</PASSAGE>",
    ]


def test_the_rest_of_a_sentence_at_the_beginning_cannot_be_quoted() -> None:
    lines = lines_of(chunk("tive rates, and quantum computing. The Agency inspected 73 ports."))
    assert [line.number for line in lines] == [None, 1]


def test_text_below_a_row_is_a_line_of_its_own() -> None:
    lines = lines_of(chunk("| North | 410 |\nThe table ends here."))
    assert [line.text for line in lines] == ["| North | 410 |", "The table ends here."]
    assert [line.is_row for line in lines] == [True, False]


@given(st.text(alphabet="ab가나 .|-\n#12", max_size=200))
def test_lines_are_spans_in_order_and_hold_all_that_is_no_white_space(text: str) -> None:
    one = chunk(text)
    lines = lines_of(one)
    assert all(one.text[line.start : line.end] == line.text for line in lines)
    assert all(left.end <= right.start for left, right in pairwise(lines))
    assert "".join("".join(line.text.split()) for line in lines) == "".join(text.split())
    assert [line.number for line in quotable(lines)] == list(range(1, len(quotable(lines)) + 1))


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [(ENGLISH, "en", 2), (KOREAN, "ko", 2), ("Hello there.", "en", 0), ("# Ports", "en", 0),
     ("The Agency inspected 73 ports during 2021.", "en", 1)],
)  # fmt: skip
def test_short_passages_get_fewer_questions(text: str, language: str, count: int) -> None:
    assert question_count(lines_of(chunk(text, language)), language, 5) == count
    assert question_count(lines_of(chunk(text * 20, language)), language, 5) <= 5


def test_a_rule_is_told_from_a_row() -> None:
    assert is_rule("| --- | :-: |")
    assert not is_rule("| -5 | 3 |")
