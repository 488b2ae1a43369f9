from hypothesis import given
from hypothesis import strategies as st

from raftune.generating.spelling import Spelling, beginning
from tests.tiny_model import tiny_tokenizer


def decode(tokens):
    return tiny_tokenizer().decode(list(tokens), skip_special_tokens=True)


def spelt(text, stop=()):
    """The pieces of a text whose tokens come one by one."""
    spelling = Spelling(decode, stop)
    pieces = []
    for token in tiny_tokenizer()(text, add_special_tokens=False)["input_ids"]:
        pieces.append(spelling.add(token))
        if spelling.stopped:
            return pieces
    return [*pieces, spelling.end()]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40))
def test_pieces_make_the_text(text):
    assert "".join(spelt(text)) == text


@given(st.text("기준금리는 3.5%abc", max_size=30), st.lists(st.text("금리ab3", min_size=1, max_size=3), max_size=3))
def test_nothing_of_a_stop_is_told(text, stops):
    told = "".join(spelt(text, stops))
    # The first stop to be whole ends the text: no further token is made behind it.
    ends = [(text.index(stop) + len(stop), text.index(stop)) for stop in stops if stop in text]
    assert told == (text[: min(ends)[1]] if ends else text)


def test_half_a_character_is_not_told():
    pieces = spelt("금리")
    assert len(pieces) > 3
    assert all("\ufffd" not in piece for piece in pieces)


def test_a_broken_character_at_the_end_is_told_as_such():
    spelling = Spelling(decode, ())
    first = tiny_tokenizer()("금", add_special_tokens=False)["input_ids"][0]
    assert spelling.add(first) == ""
    assert spelling.end() == "\ufffd"


def test_beginning():
    assert beginning("answer <AN", "<ANSWER>") == 3
    assert beginning("<ANSWER>", "<ANSWER>") == 0
