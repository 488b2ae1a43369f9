"""Nothing is wider than the terminal, in Korean neither."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.cli.layout import COLUMNS, counted, fitted, harmless, width, wrapped

TEXTS = st.text("abc 가나漢…", max_size=60)


@given(TEXTS, st.integers(3, 40))
def test_a_fitted_text_takes_exactly_its_columns(text: str, columns: int) -> None:
    assert width(fitted(text, columns)) == columns


def test_the_middle_is_left_out() -> None:
    assert fitted("annual-report-2023.pdf", 12) == "annua…23.pdf"
    assert fitted("a", 3) == "a  "


@given(st.lists(st.text("ab가", min_size=1, max_size=9), max_size=60), st.integers(0, 20))
def test_lines_keep_all_words_and_the_width(words: list[str], indent: int) -> None:
    lines = list(wrapped(" ".join(words), indent))
    assert " ".join(lines).split() == words
    assert all(width(line) <= COLUMNS for line in lines)
    assert all(line.startswith(" " * indent) for line in lines if line)


def test_the_label_stands_in_the_indent() -> None:
    assert list(wrapped("12 in", 10, "files")) == ["files     12 in"]


def test_counts_have_their_noun() -> None:
    assert [counted(count, "page") for count in (0, 1, 2000)] == ["0 pages", "1 page", "2,000 pages"]


@given(st.text(max_size=40))
def test_no_control_character_reaches_a_terminal(text: str) -> None:
    shown = harmless(text)
    assert all(letter in "\n\t" or letter >= " " for letter in shown)
    assert not set(shown) & {chr(code) for code in range(0x7F, 0xA0)}
    assert harmless(shown) == shown


def test_ordinary_text_stays() -> None:
    text = "The fee (3.5 %)\n\t항만공사는 “점검”한다 — naïve 日本"
    assert harmless(text) == text
