import pytest

from raftune.reading.pdf.paragraphs import Line, lines_from, paragraphs_of, widest_pitches
from raftune.reading.pdf.segments import segments_of, words_text
from raftune.reading.pdf.words import Word
from tests.reading.pdf.made_words import line, lines


def paragraphs(*parts: list[Word]) -> list[str]:
    found = lines_from([segment for part in parts for segment in segments_of(part)])
    return [item.mark(10.0) + words_text(item.words) for item in paragraphs_of(found, widest_pitches(found))]


def test_lines_close_together_are_a_paragraph_and_a_gap_ends_it() -> None:
    assert paragraphs(lines(["one", "two", "three"]), lines(["four", "five"], top=146)) == [
        "one two three",
        "four five",
    ]


def test_a_line_set_in_begins_a_paragraph() -> None:
    first, rest = lines(["one and", "two."]), [*line("three and", 124, 90), *lines(["four and", "five."], top=136)]
    assert paragraphs(first, rest) == ["one and two.", "three and four and five."]


@pytest.mark.parametrize(
    ("size", "bold", "mark"),
    [(18, False, "# "), (14, False, "## "), (11, False, "### "), (10, True, "### "), (10, False, "")],
)
def test_headings_by_size_and_weight(size: float, *, bold: bool, mark: str) -> None:
    assert paragraphs(line("The fees", size=size, bold=bold)) == [f"{mark}The fees"]


@pytest.mark.parametrize("text", ["This is a sentence.", "12,345", "word " * 30])
def test_large_texts_that_are_no_headings(text: str) -> None:
    assert paragraphs(line(text.strip(), size=14)) == [text.strip()]


def test_a_paragraph_that_begins_in_bold_is_one_paragraph_and_no_heading() -> None:
    opening = [*line("The fees.", bold=True), *line("Ships pay by day", left=120)]
    assert paragraphs([*opening, *line("and by size.", 112)]) == ["The fees. Ships pay by day and by size."]


def test_a_heading_in_bold_ends_before_text_of_its_size() -> None:
    assert paragraphs([*line("The fees", bold=True), *line("Ships pay by day.", 112)]) == [
        "### The fees",
        "Ships pay by day.",
    ]


@pytest.mark.parametrize("bullet", ["•", "■", "▪"])
def test_items_with_bullets(bullet: str) -> None:
    texts = [f"{bullet} It keeps a list, in which", "every ship stands.", f"{bullet} It takes fees."]
    assert paragraphs(lines(texts)) == [
        f"- {bullet} It keeps a list, in which every ship stands.",
        f"- {bullet} It takes fees.",
    ]


@pytest.mark.parametrize("marks", [("1.", "2."), ("(a)", "(b)"), ("가.", "나."), ("①", "②")])
def test_items_with_numbers(marks: tuple[str, str]) -> None:
    texts = [f"{mark} It takes the fees" for mark in marks]
    assert paragraphs(lines(texts)) == texts


def test_a_number_in_running_text_begins_no_item() -> None:
    assert paragraphs(lines(["Ships paid in the year", "2. That was a lot"])) == [
        "Ships paid in the year 2. That was a lot"
    ]


def test_segments_on_one_baseline_are_a_line() -> None:
    [found] = lines_from([*segments_of(line("left")), *segments_of(line("right", left=300))])
    assert (found.text, found.left, found.right) == ("left right", 72, 325)


def test_a_line_is_bold_if_nearly_all_of_it_is() -> None:
    assert Line(tuple(line("all of it", bold=True))).bold
    assert not Line((*line("most of it is", bold=True), *line("not all"))).bold
