"""The comparison is fair to line breaks, hyphens and Markdown, and misses nothing that is missing."""

import pytest
from bench.recall import Found, find_quote, found_in, running_lines, without_running, words_of
from hypothesis import given
from hypothesis import strategies as st


def words(truth: str, text: str) -> Found:
    return found_in(truth, text)[0]


@pytest.mark.parametrize(
    ("truth", "text"),
    [
        ("The fee (in coins)\nis 12.", "| The *fee* | in coins | is 12 |"),
        ("an inspec-\ntion of ports", "an inspection of ports"),
        ("an FAAapproved list", "an FAA-approved list"),
        ("safety-\nrelated", "safety-related"),
        ("필요한 프로그\n램이 있다", "필요한 프로그램이 있다"),
        ("필요한\n프로그램이 있다", "필요한 프로그램이 있다"),
        ("file_name", r"file\_name"),
        ("a < b", "a &lt; b"),
        ("2018–23–51", "2018-23-51"),
        ("a 72hectare field", "a 72-hectare field"),
        ("of the bank.7 It", "of the bank.[^7] It"),
        ("the system 2 is", "the system[^2] is"),
        ("61.0r", "61.0 r"),
    ],
)
def test_what_is_the_same_is_found(truth: str, text: str) -> None:
    assert words(truth, text).recall == 1.0


@pytest.mark.parametrize(
    ("truth", "text", "found"),
    [
        ("one two two", "one two", Found(2, 3)),
        ("12 ports", "13 ports", Found(1, 2)),
        ("an inspec-\ntion", "an inspec- tion", Found(3, 3)),
        ("an inspection", "an inspec- tion", Found(1, 2)),
        ("a 1,234", "a 1.234", Found(1, 2)),
        ("12", "1 2", Found(0, 1)),
        ("B747", "B 7 47", Found(0, 1)),
        ("", "anything", Found(0, 0)),
    ],
)
def test_what_is_missing_is_missed(truth: str, text: str, found: Found) -> None:
    assert words(truth, text) == found


def test_numbers_are_words_with_digits() -> None:
    assert found_in("73 ports, B747, $2.3 trillion", "73 ports, B747, 2.4 trillion")[1] == Found(2, 3)


def test_running_lines_and_page_numbers_are_taken_off() -> None:
    pages = [f"Report {n}\n{text}\nfees\n12\n13\nports\n{text} too\nJkt {n}\n{n}" for n, text in enumerate("abc")]
    pages += [f"{n}\nmore\nof\nit\n{n}" for n in "defg"]
    running = running_lines(pages)
    assert running == {"Report #", "Jkt #", "#", "fees", "ports"} | {"more", "of", "it"}
    assert without_running("x\ny\nz\n12\nmore\nu\nv\n7", running) == "x\ny\nz\n12\nu\nv"
    assert running_lines(pages[:2]) == set()


@given(st.text(alphabet="ab가나1. \n"))
def test_a_text_holds_all_its_own_words(text: str) -> None:
    found = words(text, text)
    assert found.found == found.total == len(words_of(text))


@pytest.mark.parametrize(
    ("quote", "text", "held"),
    [
        ("737–8 and 737– 9", "the 737-8 and\n737-9 (MAX)", "737-8 and\n737-9"),
        ("the inspection", "of the inspec-\ntion here", "the inspec-\ntion"),
        ("베이스 시스템을", "그 베이스 시스\n템을 설치", "베이스 시스\n템을"),
        ("71,137", "| 71,137 |", "71,137"),
        ("아키텍처", "주요 아키텍처를", "아키텍처"),
    ],
)
def test_a_quote_is_found_where_it_stands(quote: str, text: str, held: str) -> None:
    [(start, end)] = find_quote(quote, text)
    assert text[start:end] == held


@pytest.mark.parametrize(("quote", "text"), [("71,137", "171,137"), ("71,13", "71,137"), ("port", "ports"), ("a", "")])
def test_a_quote_is_not_found_inside_a_longer_word(quote: str, text: str) -> None:
    assert find_quote(quote, text) == []
