import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.reading.pdf.words import SOFT_HYPHEN, Word
from raftune.reading.pdf.writer import Writer, as_seen
from raftune.readings import WordBox
from tests.reading.pdf.made_words import line, lines

LETTERS = st.text("ab-1,.é항\x02|", min_size=1, max_size=6)


def written(words: list[Word], *vocabulary: str, marks: bool = True) -> str:
    writer = Writer(frozenset(vocabulary), footnote_marks=marks)
    writer.words(words)
    assert [writer.text[box.start : box.end] for box in writer.boxes if box.start == box.end] == []
    return writer.text


@pytest.mark.parametrize(
    ("texts", "vocabulary", "expected"),
    [
        (["the regu-", "lation of"], [], "the regulation of"),
        (["a long-", "term loan"], ["long-term"], "a long-term loan"),
        (["a long-", "term loan"], ["long-term", "longterm"], "a longterm loan"),
        (["a state-of-the-", "art loan"], [], "a state-of-the-art loan"),
        ([f"the regu{SOFT_HYPHEN}", "lation of"], [], "the regulation of"),
        (["the Smith-", "Jones act"], [], "the Smith- Jones act"),
        (["the years 1998-", "2003 and"], [], "the years 1998-2003 and"),
        (["항만 사무", "소는 부두를"], [], "항만 사무 소는 부두를"),
        ([f"Häfen{SOFT_HYPHEN}", "amt"], [], "Häfenamt"),
    ],
)
def test_words_broken_over_lines(texts: list[str], vocabulary: list[str], expected: str) -> None:
    assert written(lines(texts), *vocabulary) == expected


def test_a_hyphen_within_a_line_stays() -> None:
    assert written(line("pre- and post- war")) == "pre- and post- war"


def test_the_two_halves_of_a_word_have_a_box_each() -> None:
    writer = Writer()
    writer.words(lines(["regu-", "lation"]))
    assert [(writer.text[box.start : box.end], box.top) for box in writer.boxes] == [("regu", 93.0), ("lation", 105.0)]


@pytest.mark.parametrize(("marks", "expected"), [(True, "pays[^4] by day"), (False, "pays by day")])
def test_footnote_marks_are_kept_or_dropped(*, marks: bool, expected: str) -> None:
    words = [*line("pays"), *line("4", left=93, raised=True), *line("by day", left=100)]
    assert written(words, marks=marks) == expected


def test_a_mark_before_a_comma() -> None:
    words = [*line("pays"), *line("4", left=93, raised=True), *line(", by day", left=96)]
    words[2] = words[2]._replace(glued=True)
    assert written(words) == "pays[^4], by day"
    assert written(words, marks=False) == "pays, by day"


def test_several_marks_and_other_signs() -> None:
    assert (
        written([*line("pays"), *line("4", left=93, raised=True), *line("5", left=97, raised=True)]) == "pays[^4][^5]"
    )
    assert written([*line("pays"), *line("*", left=93, raised=True)]) == "pays*"


def test_bars_are_escaped_in_cells() -> None:
    writer = Writer()
    writer.words(line("a|b c"), escape=True)
    assert writer.text == "a\\|b c"
    assert [writer.text[box.start : box.end] for box in writer.boxes] == ["a\\|b", "c"]


@settings(max_examples=30, deadline=None)
@given(
    parts=st.lists(
        st.tuples(LETTERS, st.integers(0, 3), st.integers(0, 400), st.booleans(), st.booleans()), max_size=12
    ),
    marks=st.booleans(),
)
def test_boxes_are_in_the_order_of_the_text_and_do_not_overlap(
    parts: list[tuple[str, int, int, bool, bool]], *, marks: bool
) -> None:
    words = [
        Word(
            text,
            left,
            90.0 + 12 * row,
            left + 20.0,
            100.0 + 12 * row,
            98.0 + 12 * row,
            10.0,
            raised=raised,
            glued=glued,
        )
        for text, row, left, raised, glued in parts
    ]
    writer = Writer(frozenset({"ab-1"}), footnote_marks=marks)
    writer.raw("| ")
    writer.words(words, escape=True)
    ends = [0, *(box.end for box in writer.boxes)]
    for before, box in zip(ends, writer.boxes, strict=False):
        assert before <= box.start < box.end <= len(writer.text)
        assert writer.text[box.start : box.end].strip() == writer.text[box.start : box.end]
    assert SOFT_HYPHEN not in writer.text


def test_boxes_of_a_page_turned_upright_come_back_to_where_they_stand() -> None:
    box = WordBox(0, 4, 10.0, 20.0, 50.0, 30.0)
    assert as_seen([box], 0, 792, 612) == (box,)
    assert as_seen([box], 2, 612, 792) == (WordBox(0, 4, 562.0, 762.0, 602.0, 772.0),)
    for turns in (1, 3):
        [seen] = as_seen([box], turns, 792, 612)
        assert (seen.right - seen.left, seen.bottom - seen.top) == (10.0, 40.0)
        assert 0 <= seen.left < seen.right <= 612
        assert 0 <= seen.top < seen.bottom <= 792
