"""Replies in words."""

import pytest

from raftune.answering import GroundedReply, PlacedQuote
from raftune.cli.chat_words import COMMANDS, file_and_pages, place_words, quote_lines, source_lines
from raftune.cli.layout import COLUMNS, width
from tests.support import make_chunk


@pytest.mark.parametrize(
    ("path", "pages", "english", "korean"),
    [
        ("rules.pdf", (3,), "rules.pdf, page 3", "rules.pdf, 3쪽"),
        ("rules.pdf", (3, 4), "rules.pdf, pages 3, 4", "rules.pdf, 3, 4쪽"),
        ("rules.md", (1,), "rules.md", "rules.md"),
        ("rules.hwpx", (), "rules.hwpx", "rules.hwpx"),
    ],
)
def test_files_and_pages(path: str, pages: tuple[int, ...], english: str, korean: str) -> None:
    assert file_and_pages(path, pages, "en") == english
    assert file_and_pages(path, pages, "ko") == korean


def test_a_quote_that_stands_nowhere_is_called_so() -> None:
    assert place_words(PlacedQuote("x"), "en").startswith("not verified")
    assert place_words(PlacedQuote("x"), "ko").startswith("확인 안 됨")


def test_a_refusal_has_no_quotes() -> None:
    quote = PlacedQuote("long words " * 30, "a.pdf", (1,), "c", 0, 9)
    assert list(quote_lines(GroundedReply("a", "a", (quote,), abstains=True))) == []
    lines = list(quote_lines(GroundedReply("a", "a", (quote,))))
    assert all(width(line) <= COLUMNS for line in lines[:-1])


def test_sources() -> None:
    chunk = make_chunk("말 " * 300).changed(headings=("규정", "제1장"))
    lines = list(source_lines([chunk], "ko"))
    assert lines[0] == "  [1] d.md · 규정 > 제1장"
    assert lines[-1].endswith("…")
    assert all(width(line) <= COLUMNS for line in lines)
    assert list(source_lines([], "en")) == ["No passage was found."]


def test_each_command_in_both_languages() -> None:
    assert {name: sum(done == name for done in COMMANDS.values()) for name in COMMANDS.values()} == {
        "quit": 4, "sources": 2, "help": 2,
    }  # fmt: skip


def test_nothing_steers_the_terminal() -> None:
    evil = "\x1b]0;title\x07a\x9b31m\u202egnp.exe"
    quote = PlacedQuote(evil, f"{evil}.pdf", (1,), "c", 0, 9)
    chunk = make_chunk(evil, 0, evil).changed(headings=(evil,))
    shown = "".join([*quote_lines(GroundedReply("a", "a", (quote,))), *source_lines([chunk], "en")])
    for style in ("\x1b[32m", "\x1b[0m"):  # the colour of "verified"
        shown = shown.replace(style, "")
    assert not set(shown) & set("\x1b\x07\x9b\u202e")
    assert "gnp.exe" in shown
