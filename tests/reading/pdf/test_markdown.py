from collections.abc import Sequence

from raftune.reading.pdf.markdown import Surroundings, Tail, write_page
from raftune.reading.pdf.rules import Rules
from raftune.reading.pdf.words import Word
from raftune.reading.pdf.writer import Writer
from tests.reading.pdf.made_words import grid, line, lines

AROUND = Surroundings(10.0, set(), frozenset())
HEADER = ["Bank", "Loans", "Staff"]
LEFTS = [72, 250, 350]


def page(words: Sequence[Word], tail: Tail | None = None) -> Writer:
    return write_page(words, Rules(), AROUND, tail or Tail(), footnote_marks=True)


def rows(first: int, count: int = 4) -> list[list[str]]:
    return [[f"Alda {number}", f"{number},10{number}", str(number)] for number in range(first, first + count)]


def test_headings_paragraphs_and_items() -> None:
    words = [
        *line("Duties", 100, size=18),
        *line("The office has these:", 130),
        *lines(["• It takes fees.", "• It keeps lists."], 150),
    ]
    assert page(words).text.split("\n\n") == [
        "# Duties",
        "The office has these:",
        "- It takes fees.",
        "- It keeps lists.",
    ]


def test_a_bullet_that_stands_close_to_its_word() -> None:
    assert page(line("•It takes fees.")).text == "- It takes fees."


def test_a_table_between_paragraphs() -> None:
    words = [
        *line("Before.", 70),
        *grid([HEADER, *rows(1, 3)], LEFTS),
        *line("And the text goes on behind it for a while.", 190),
    ]
    assert page(words).text.split("\n") == [
        "Before.",
        "",
        "| Bank | Loans | Staff |",
        "| --- | --- | --- |",
        "| Alda 1 | 1,101 | 1 |",
        "| Alda 2 | 2,102 | 2 |",
        "| Alda 3 | 3,103 | 3 |",
        "",
        "And the text goes on behind it for a while.",
    ]


def test_an_empty_cell_is_written_as_one() -> None:
    text = page(grid([HEADER, ["Alda", "", "1"], *rows(2)], LEFTS)).text
    assert "\n| Alda | | 1 |\n" in text


def test_a_table_that_goes_on_has_its_header_once() -> None:
    tail = Tail()
    first = page([*grid([HEADER, *rows(1)], LEFTS), *line("(continued)", 190, 400)], tail)
    second = page([*line("Table 1 (continued)", 80), *grid([HEADER, *rows(5)], LEFTS)], tail)
    joined = f"{first.text}\n{second.text}".split("\n")
    assert joined[:2] == ["| Bank | Loans | Staff |", "| --- | --- | --- |"]
    assert [row.split(" | ")[0] for row in joined[2:]] == [f"| Alda {number}" for number in range(1, 9)]
    assert first.left_out.strip() == "(continued)"
    assert second.left_out == "Table 1 (continued) Bank Loans Staff"


def test_another_table_does_not_go_on() -> None:
    tail = Tail()
    page(grid([HEADER, *rows(1)], LEFTS), tail)
    other = page(grid([["Port", "Ships", "Fees"], *rows(5)], LEFTS), tail)
    assert other.text.startswith("| Port |")
    assert other.left_out == ""


def test_text_between_two_tables_parts_them() -> None:
    tail = Tail()
    page(grid([HEADER, *rows(1)], LEFTS), tail)
    again = page([*line("The next year was better:", 70), *grid([HEADER, *rows(5)], LEFTS)], tail)
    assert "| Bank |" in again.text


def test_text_sideways_comes_last() -> None:
    words = [*line("Set sideways", 400, 20, turned=3), *lines(["Upright text", "of two lines."])]
    assert page(words).text.split("\n\n")[0] == "Upright text of two lines."
    assert "sideways" in page(words).text


def test_an_empty_page() -> None:
    tail = Tail(("Bank",))
    assert page([], tail).text == ""
    assert tail.header is None
