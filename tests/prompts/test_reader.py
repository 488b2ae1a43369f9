"""What a reader is told of a reply in pieces: the same however it is cut, and never a part of a mark."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.prompts.raft import ANSWER, BEGIN, END, FINAL, MARKS, remove_marks
from raftune.prompts.reader import ReaderText, Spoken

REPLY = f"{BEGIN}The fee is 3.5 %.{END} So it is told. {ANSWER} 3.5 %"
SHREDS = st.sampled_from(
    [
        BEGIN, END, ANSWER, "### End_Quote #", "# begin_quote#", "< answer >", "<ANSWER>", "<DOCUMENT>", "</DOCUMENT>",
        "<|im_end|>", "#", "##", "<", ">", "|", ":", "begin_quote", "_quote", "ANSW", "DOC", "end", " ", "\n", "fee",
        "수수료", "3.5 %", "C#", "a < b", "<b>", "x",
    ]
)  # fmt: skip
TEXTS = st.lists(SHREDS, max_size=25).map("".join)
WORDS = st.sampled_from(
    ["fee ", "the rate is 3.5 % ", "수수료는 ", "C# code ", "a < b ", "#1 ", "\n", "x <b>y</b> ", "1 # 2 "]
)


def told(pieces: Sequence[str]) -> Spoken:
    text = ReaderText()
    said = [*(text.feed(piece) for piece in pieces), text.end()]
    return Spoken("".join(one.reasoning for one in said), "".join(one.answer for one in said))


def cut(text: str, places: Sequence[int]) -> list[str]:
    ends = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(ends)]


def test_reasoning_and_answer() -> None:
    assert told([REPLY]) == Spoken("The fee is 3.5 %. So it is told.", "3.5 %")
    assert told(["No mark at all."]) == Spoken("No mark at all.", "")
    assert told(["답은 다음과 같습니다.\n<ANSWER>:  3.5%\n"]) == Spoken("답은 다음과 같습니다.", "3.5%")
    assert told([]) == Spoken()


def test_an_answer_begins_at_the_first_mark() -> None:
    assert told(["a <ANSWER>: b <ANSWER>: c"]) == Spoken("a", "b  c")


def test_words_are_told_as_they_come() -> None:
    text = ReaderText()
    assert text.feed("The fee") == Spoken("The fee")
    assert text.feed(" is ") == Spoken(" is")
    assert text.feed("3 < 4 and #1") == Spoken(" 3 < 4 and #1")
    assert text.feed("##begin_quo") == Spoken()
    assert text.feed("te##so") == Spoken("so")
    assert text.feed(" <ANSWER") == Spoken()
    assert text.feed(">") == Spoken()
    assert text.feed(": ") == Spoken()
    assert text.feed("four") == Spoken("", "four")


@given(TEXTS, st.lists(st.integers(0, 120), max_size=12))
def test_every_cutting_tells_the_same(text: str, places: list[int]) -> None:
    assert told(cut(text, places)) == told([text]) == told(list(text))


@given(TEXTS)
def test_no_mark_is_ever_told(text: str) -> None:
    spoken = told([text])
    assert not MARKS.search(spoken.reasoning)
    assert not MARKS.search(spoken.answer)


@given(st.lists(st.one_of(WORDS, st.sampled_from([BEGIN, END, "</DOCUMENT>", "<|im_end|>"])), max_size=20), WORDS)
def test_it_is_the_text_without_marks(parts: list[str], answer: str) -> None:
    reasoning = "".join(part if part in (BEGIN, END) else f"{part} " for part in parts)
    spoken = told([f"{reasoning}\n{ANSWER} {answer}"])
    assert spoken == Spoken(remove_marks(reasoning).strip(), answer.strip())


@given(st.lists(st.one_of(WORDS, st.sampled_from([BEGIN, END])), max_size=8).map("".join), st.integers(0, 400))
def test_a_reply_that_is_cut_off_shows_nothing_of_a_mark(before: str, place: int) -> None:
    whole = f"{before}{BEGIN}quoted.{END} {ANSWER} the answer"
    spoken = told([whole[: min(place, len(whole))]])
    plain = remove_marks(whole[: whole.index(ANSWER)]).strip()
    assert plain.startswith(spoken.reasoning)
    assert "the answer".startswith(spoken.answer)


@pytest.mark.parametrize("text", ["It is written in C#", "where a < b", "see #1", "x <b", "f <| x"])
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert told([text]).reasoning == text


@pytest.mark.parametrize("text", ["##be<ANSWER>gin_quote##x", "<|im_##end_quote##end|>x", "<DOC<DOCUMENT>UMENT>x"])
def test_marks_that_come_together_are_taken_out(text: str) -> None:
    spoken = told([text])
    assert "x" in spoken.reasoning + spoken.answer
    assert len(spoken.reasoning + spoken.answer) <= len("gin_quote##x")
    assert FINAL.search(spoken.reasoning) is None


@pytest.mark.parametrize("text", ["<" * 5000, "# " * 5000, "#" + " " * 5000, "<|" * 3000])
def test_long_rows_of_beginnings_end_soon(text: str) -> None:
    spoken = told([text, " in the end"])
    assert spoken.reasoning.endswith("in the end")
    assert not MARKS.search(spoken.reasoning)
