"""JSON is found whatever a model writes around it, and only there."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.loose_json import json_values, refuses, without_thought

OBJECT = {"items": [{"question": "How many, then?", "answer": 'said "73, ]" once'}]}
PLAIN = json.dumps(OBJECT)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        f"```json\n{PLAIN}\n```",
        f"Here it is [1]:\n{PLAIN}\nI hope {{x}} helps.",
        f"<think>The items {{...}} [1].</think>\n{PLAIN}",
        f"thinking aloud</think>{PLAIN}",
        f"<thinking>once</thinking>{PLAIN}",
        PLAIN.replace("}]", "},]"),
    ],
)
def test_the_one_object_is_found(text: str) -> None:
    assert json_values(without_thought(text)) == [OBJECT]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "[[[", "[1, 2]", "no JSON", '{"a": ', "<think>never ended"])
def test_what_holds_no_object_gives_nothing(text: str) -> None:
    assert json_values(without_thought(text)) == []


@given(
    st.recursive(
        st.one_of(st.text(), st.integers(), st.none()), lambda part: st.lists(part) | st.dictionaries(st.text(), part)
    )
)
def test_no_text_is_a_crash(value: Any) -> None:
    text = json.dumps({"a": value}, ensure_ascii=False)
    assert json_values(text) == [{"a": value}]
    json_values(text[: len(text) // 2])


@pytest.mark.parametrize("depth", [100, 900, 5000])
def test_very_deep_nesting_is_no_crash(depth: int) -> None:
    assert json_values("[" * depth + "]" * depth) == []
    assert json_values('{"a":' * depth + "1" + "}" * depth + PLAIN)[-1] == OBJECT


@pytest.mark.parametrize("text", ["I'm sorry, but I cannot help with this.", "죄송합니다. 도와드릴 수 없습니다."])
def test_a_refusal_is_known(text: str) -> None:
    assert refuses(text)
    assert not refuses("The harbour is a fine place.")
