import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.contracts import ChatReply
from raftune.errors import BadReply
from raftune.verifying.items import items_request, texts_in


def reply(text: str, finish_reason: str = "stop") -> ChatReply:
    return ChatReply(text=text, finish_reason=finish_reason, prompt_tokens=1, completion_tokens=1)


def test_a_request_shows_the_passage_as_material_and_all_items() -> None:
    request = items_request("m", "blind", "en", ["Who?", "When?"], "The text.")
    user = request.messages[1].content
    assert "<PASSAGE>\nThe text.\n</PASSAGE>" in user
    assert "answer_1: Who?\nanswer_2: When?" in user
    assert request.reply_schema is not None
    assert request.reply_schema["required"] == ["answer_1", "answer_2"]


@pytest.mark.parametrize(
    "text",
    [
        '{"answer_1": "a", "answer_2": "b"}',
        'Here you are:\n```json\n{"answer_1": "a", "answer_2": "b",}\n```',
        '{"1": "a", "2": "b"}',
        '{"Answer 2": "b", "Answer 1": "a"}',
        '{"answers": {"answer_1": {"answer": "a"}, "answer_2": "b"}}',
        '{"answers": [{"answer": "a"}, {"answer": "b"}]}',
        '<think>a {hard} one</think>{"answer_1": " a ", "answer_2": "b", "answer_3": "c"}',
    ],
)
def test_a_reply_is_read_tolerantly(text: str) -> None:
    assert texts_in(reply(text), 2) == ["a", "b"]


def test_what_is_missing_is_not_made_up() -> None:
    assert texts_in(reply('{"answer_2": "b", "answer_1": null}'), 3) == [None, "b", None]


@pytest.mark.parametrize("text", ["", "no", "{}", '{"other": "x"}', '{"answer_9": "x"}', "I'm sorry, I can't."])
def test_a_reply_without_an_answer_is_refused(text: str) -> None:
    with pytest.raises(BadReply):
        texts_in(reply(text), 2)


def test_a_reply_that_was_cut_is_refused() -> None:
    with pytest.raises(BadReply):
        texts_in(reply('{"answer_1": "a"}', "length"), 1)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9) | st.just("answer_1"), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(VALUES.map(json.dumps) | st.text(max_size=40), st.integers(1, 4))
def test_no_reply_brings_it_down(text: Any, count: int) -> None:
    try:
        texts = texts_in(reply(text), count)
    except BadReply:
        return
    assert len(texts) == count
