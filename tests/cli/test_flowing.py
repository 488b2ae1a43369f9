"""Text in pieces, in lines of a terminal."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from raftune.cli.flowing import Flow
from raftune.cli.layout import COLUMNS, width

TEXT = st.lists(
    st.sampled_from(["fee ", "harbour", "위원회는 ", "\n", "  ", "x" * 90, "가" * 50, "."]), max_size=40
).map("".join)


def flowed(*pieces: str) -> str:
    shown: list[str] = []
    flow = Flow(shown.append)
    for piece in pieces:
        flow.feed(piece)
    flow.end()
    return "".join(shown)


def test_words_are_shown_once_they_are_whole() -> None:
    shown: list[str] = []
    flow = Flow(shown.append)
    flow.feed("The fee is 1")
    assert "".join(shown) == "The fee is"
    flow.feed("21 coins.\nA day")
    flow.end()
    assert "".join(shown) == "The fee is 121 coins.\nA day\n"


@given(TEXT, st.lists(st.integers(0, 400), max_size=8))
def test_lines_fit_and_nothing_is_lost(text: str, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    shown = flowed(*(text[start:end] for start, end in pairwise(places)))
    assert shown == flowed(text)
    assert all(width(line) <= COLUMNS for line in shown.splitlines())
    assert "".join(shown.split()) == "".join(text.split())


def test_a_model_does_not_steer_the_terminal() -> None:
    assert flowed("so\x1b", "[2J\x07 it\u2028is\r\x00") == "so[2J it is\n"
