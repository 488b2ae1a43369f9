"""Every quote is an exact span: found, mended to the source's own words, or refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import BadReply
from raftune.teaching.lines import lines_of
from raftune.teaching.quoting import aligned, mended, quotes_of
from tests.teaching.manners import ENGLISH, KOREAN, chunk

FIRST = "The Agency inspected 73 ports during 2021, nine of them twice."
SECOND = "Licences of pilots are renewed every two years unless the holder has left the country."


def quoted(given_quotes: Any, text: str = ENGLISH, language: str = "en") -> list[str]:
    one = chunk(text, language)
    return [quote.text for quote in quotes_of(given_quotes, one, lines_of(one))]


@pytest.mark.parametrize(
    "number", [1, [1], ["1"], "[1]", ["sentence_1"], ["Line 1"], [{"number": 1}], ["문장 1"], [1, 1], ["[1] " + FIRST]]
)
def test_a_number_is_the_line(number: Any) -> None:
    assert quoted(number) == [FIRST]


def test_a_row_of_a_table_can_be_quoted() -> None:
    assert quoted([4, 3]) == ["| North | 410 |", "| South | 365 |"]


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        f'"{FIRST}"',
        "The Agency  inspected\n73 ports during 2021, nine of them twice.",
    ],
)
def test_text_that_stands_there_is_found(text: str) -> None:
    assert quoted([text]) == [FIRST]


@pytest.mark.parametrize(
    ("near", "source", "language"),
    [
        ("The Agency has inspected 73 ports during 2021, nine of them twice", FIRST.rstrip("."), "en"),
        ("licence of pilots is renewed every two years unless the holder has left the country", SECOND[:-1], "en"),
        (
            "도선사 면허는 소지자가 출국한 경우는 제외하고 2년마다 갱신해야 한다",
            "도선사 면허는 소지자가 출국한 경우를 제외하고 2년마다 갱신하여야 한다",
            "ko",
        ),
    ],
)  # fmt: skip
def test_a_near_miss_becomes_the_sources_own_words(near: str, source: str, language: str) -> None:
    assert quoted([near], KOREAN if language == "ko" else ENGLISH, language) == [source]


@pytest.mark.parametrize(
    "text",
    [
        "The Agency inspected 74 ports during 2021, nine of them twice.",
        "The Agency never inspected 73 ports during 2021, nine of them twice.",
        "Seventy-three harbours were looked at by the authority in that year.",
        "The moon is made of green cheese and always has been.",
        9, 0, -1, True, 1.5, {"x": 1}, [1], "...",
    ],
)  # fmt: skip
def test_what_does_not_stand_there_is_refused(text: Any) -> None:
    with pytest.raises(BadReply) as caught:
        quoted([text])
    assert caught.value.reason == "quote not found"


def test_too_short_to_be_evidence_becomes_its_line() -> None:
    assert quoted(["twice"]) == [FIRST]


@pytest.mark.parametrize("nothing", [None, "", []])
def test_no_quote_is_a_fault(nothing: Any) -> None:
    with pytest.raises(BadReply) as caught:
        quoted(nothing)
    assert caught.value.reason == "no quote"


def test_an_ellipsis_parts_a_quote() -> None:
    assert quoted(["The Agency inspected 73 ports … every two years unless the holder"]) == [
        "The Agency inspected 73 ports",
        "every two years unless the holder",
    ]


def test_a_quote_in_another_is_one() -> None:
    assert quoted([1, "inspected 73 ports during 2021"]) == [FIRST]


def test_many_quotes_are_refused() -> None:
    with pytest.raises(BadReply) as caught:
        quoted([1, 2, 3, 4, 5])
    assert caught.value.reason == "too many quotes"


@given(st.lists(st.one_of(st.integers(-1, 8), st.text(max_size=60), st.sampled_from(ENGLISH.split(". "))), max_size=3))
def test_quotes_are_verbatim_in_order_and_apart(given_quotes: list[Any]) -> None:
    one = chunk()
    try:
        quotes = quotes_of(given_quotes, one, lines_of(one))
    except BadReply:
        return
    assert quotes
    assert all(one.text[quote.start : quote.end] == quote.text and quote.chunk == one.id for quote in quotes)
    assert sorted(quotes, key=lambda quote: quote.start) == list(quotes)


@given(st.data())
def test_words_taken_from_the_text_are_always_found(data: st.DataObject) -> None:
    words = ENGLISH.split()
    start = data.draw(st.integers(0, len(words) - 6))
    end = data.draw(st.integers(start + 5, len(words)))
    piece = " ".join(words[start:end])
    span = mended(piece, ENGLISH)
    assert span is None or ENGLISH[slice(*span)]
    assert aligned(words[start:end], words) is not None
