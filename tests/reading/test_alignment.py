"""Boxes of words in another text of the same page."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from raftune.reading.alignment import carried_boxes
from raftune.readings import WordBox

WORDS = st.lists(
    st.sampled_from(["the", "fee", "for", "1,234", "berth", "여객선은", "(아홉", "시에)", "—"]), max_size=30
)


def boxed(text: str) -> list[WordBox]:
    """A box for each word, its left edge counts the words."""
    return [
        WordBox(match.start(), match.end(), float(number), 0.0, number + 1.0, 9.0)
        for number, match in enumerate(re.finditer(r"\S+", text))
    ]


def carried(text: str, target: str) -> list[tuple[float, str]]:
    return [(box.left, target[box.start : box.end]) for box in carried_boxes(text, boxed(text), target)]


def test_marks_of_markdown_are_left_out() -> None:
    found = carried("Fee table Year 1,234 56 %", "## Fee table\n\n| **Year** | 1,234 | 56 % |")
    assert found == [(0, "Fee"), (1, "table"), (2, "Year"), (3, "1,234"), (4, "56")]


def test_columns_may_be_read_in_another_order() -> None:
    left, right = "one two three four five", "six seven eight nine ten"
    assert carried(f"{left} {right}", f"{right}\n\n{left}") == [
        *zip(range(5, 10), right.split(), strict=True),
        *zip(range(5), left.split(), strict=True),
    ]


def test_a_word_that_stands_once_is_found_anywhere() -> None:
    assert (4, "footnote") in carried("a b c d footnote e", "footnote a b c d e")


def test_other_spaces_and_misread_letters_are_bridged() -> None:
    assert carried("여객선 은 아홉 시에", "여객선은 아홉시에") == [(0, "여객선"), (1, "은"), (2, "아홉"), (3, "시에")]
    assert carried("The hcllo world", "The hello world") == [(0, "The"), (1, "hello"), (2, "world")]


def test_what_is_not_there_has_no_box() -> None:
    assert carried("The fee", "> Figure: a ship\n\nNothing alike") == []


def test_a_word_taken_apart_comes_in_parts() -> None:
    assert carried("well-known x", "well and good known x") == [(0, "well"), (0, "known"), (1, "x")]


@given(WORDS)
def test_a_text_keeps_its_boxes(words: list[str]) -> None:
    text = " ".join(words)
    expected = [(number, word.strip("(")) for number, word in enumerate(words) if word != "—"]
    assert [(left, word.strip("()")) for left, word in carried(text, text)] == [
        (number, word.strip("()")) for number, word in expected
    ]


@given(WORDS, WORDS)
def test_boxes_are_in_order_and_inside_the_text(words: list[str], others: list[str]) -> None:
    text, target = " ".join(words), "\n".join(others)
    found = carried_boxes(text, boxed(text), target)
    assert all(0 <= box.start < box.end <= len(target) for box in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(st.text(), st.text())
def test_any_text_will_do(text: str, target: str) -> None:
    for box in carried_boxes(text, boxed(text), target):
        assert target[box.start : box.end].strip()
