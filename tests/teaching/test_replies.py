"""What is read out of a reply, and what each fault is called."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import BadReply
from raftune.teaching.replies import content_of, fields_in, items_in, text_in
from tests.teaching.manners import reply

CONTENT = {"items": [{"question": "How many, then?", "answer": 'said "73, ]" once'}]}
PLAIN = json.dumps(CONTENT)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        f"```json\n{PLAIN}\n```",
        f"Here is what you asked for [1]:\n{PLAIN}\nI hope it helps {{x}}.",
        f"<think>The items should be {{...}} [1].</think>\n{PLAIN}",
        f"thinking aloud</think>{PLAIN}",
        PLAIN.replace("}]", "},]"),
        PLAIN.replace('once"', 'once",'),
    ],
)
def test_json_is_found_whatever_is_around_it(text: str) -> None:
    assert content_of(reply(text)) == CONTENT


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.lists(st.text())), min_size=1), st.integers(0, 2))
def test_what_is_sound_is_read_unchanged(content: dict[str, Any], indent: int) -> None:
    text = json.dumps(content, indent=indent, ensure_ascii=False)
    if "</think" not in text.lower() and "<think" not in text.lower():
        assert content_of(reply(f"```\n{text}\n```")) == content


@pytest.mark.parametrize(
    ("text", "ending", "reason"),
    [
        ("", "stop", "empty reply"),
        ("<think>Let me see", "stop", "empty reply"),
        ("I'm sorry, but I can't help with that.", "stop", "refusal"),
        ("죄송합니다. 도와드릴 수 없습니다.", "stop", "refusal"),
        ("Question: How many?", "stop", "no JSON"),
        ("[]", "stop", "no JSON"),
        ("null", "stop", "no JSON"),
        ("[[[", "stop", "no JSON"),
        (PLAIN, "length", "cut off"),
        (PLAIN, "content_filter", "content filter"),
        (PLAIN, "tool_calls", "unfinished"),
    ],
)
def test_each_fault_has_its_name(text: str, ending: str, reason: str) -> None:
    with pytest.raises(BadReply) as caught:
        content_of(reply(text, ending))
    assert caught.value.reason == reason


@pytest.mark.parametrize("wrap", [lambda i: {"items": i}, lambda i: {"qa": i, "n": 2}, lambda i: i,
                                  lambda i: {"item_1": i[0], "item_2": i[1]}])  # fmt: skip
def test_a_list_of_items_may_be_wrapped_as_it_likes(wrap: Any) -> None:
    items = [{"question": "a"}, {"question": "b"}]
    assert items_in(wrap(items)) == items


def test_objects_one_after_the_other_are_items() -> None:
    assert items_in(content_of(reply('{"question": "a"}\n{"question": "b"}'))) == [{"question": "a"}, {"question": "b"}]
    assert items_in({"question": "a"}) == [{"question": "a"}]


@pytest.mark.parametrize("content", [{"a": [1], "b": [2]}, {"a": "b"}, "text", 3])
def test_another_shape_is_named(content: Any) -> None:
    with pytest.raises(BadReply) as caught:
        items_in(content)
    assert caught.value.reason == "wrong shape"


def test_fields_are_texts_on_one_line() -> None:
    assert text_in({"a": " x \n y "}, "a") == "x y"
    assert text_in({"a": 73}, "a") == "73"
    assert text_in({}, "a", "") == ""
    for fields in ({}, {"a": None}, {"a": ["x"]}, {"a": True}):
        with pytest.raises(BadReply, match="no text for 'a'"):
            text_in(fields, "a")
    with pytest.raises(BadReply, match="no object"):
        fields_in("text")
