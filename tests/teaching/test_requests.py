"""What goes into a request."""

from pathlib import Path

import pytest

import raftune.prompts
from raftune.stages.answer import PROMPTS as ANSWERING
from raftune.stages.ask import PROMPTS as ASKING
from raftune.teaching.requests import chat_request, instructions, items_of, list_of, object_of, one_of, text_of
from tests.teaching.manners import manner


@pytest.mark.parametrize("language", ["en", "ko"])
def test_style_kinds_and_reasoning_are_put_in(language: str) -> None:
    plain = instructions("passages", language, manner(), "passages_reasoning")
    full = instructions("passages", language, manner(reasoning=True, style="warm, short"), "passages_reasoning")
    assert "{" not in plain + full
    assert "\nprocedure: " in plain
    assert "\nreasoning: " not in plain
    assert full.index("\nreasoning: ") < full.index("\nanswer: ")
    assert "warm, short" in full


def test_no_prompt_of_teaching_is_forgotten_in_the_stages_keys() -> None:
    folder = Path(raftune.prompts.__file__).parent
    names = {path.name.split(".")[0] for path in folder.glob("*.en.txt")}
    families = ("teach", "reasoning", "passages", "call", "kinds", "style")
    assert {*ASKING, *ANSWERING} == {name for name in names if name.split("_")[0] in families}


def test_schemas_are_closed_and_all_is_required() -> None:
    schema = items_of(object_of({"kind": one_of(["a", "a", "b"]), "n": list_of(one_of([1, 2]), 1, 2)}), 3)
    item = schema["properties"]["items"]["items"]
    assert schema["properties"]["items"]["minItems"] == 3
    assert item["required"] == ["kind", "n"]
    assert item["additionalProperties"] is False
    assert item["properties"]["kind"] == {"type": "string", "enum": ["a", "b"]}


def test_a_request_has_instructions_first() -> None:
    request = chat_request(manner(), "Do.", "This.", object_of({"a": text_of(9)}), 50)
    assert [(message.role, message.content) for message in request.messages] == [("system", "Do."), ("user", "This.")]
    assert (request.model, request.max_tokens) == ("scripted", 50)
