"""Which recipe a chunk is taught by."""

import pytest

from raftune.errors import ConfigError
from raftune.stage import Teacher
from raftune.teaching.recipes import recipe_for
from tests.support import ScriptedChat
from tests.teaching.manners import api_chunk, chunk, manner


def test_the_recipe_fits_teacher_and_chunk() -> None:
    built_in = Teacher("extractive", ScriptedChat([]), 3, reasoning=True)
    assert recipe_for(built_in, api_chunk()).name == "sentences"
    assert recipe_for(manner(), chunk()).name == "passages"
    assert recipe_for(manner(), api_chunk()).name == "call"
    assert recipe_for(manner("sentences"), api_chunk()).name == "sentences"
    assert recipe_for(manner("call"), chunk()).name == "call"


@pytest.mark.parametrize(
    ("model", "recipe", "mode", "words"),
    [
        ("extractive", "passages", "combined", "built-in teacher"),
        ("extractive", "call", "combined", "built-in teacher"),
        ("extractive", "auto", "separate", "built-in teacher"),
        ("m", "sentences", "separate", "questions and answers at once"),
    ],
)
def test_what_does_not_fit_is_said(model: str, recipe: str, mode: str, words: str) -> None:
    teacher = Teacher(model, ScriptedChat([]), 3, reasoning=True, recipe=recipe, mode=mode)
    with pytest.raises(ConfigError, match=words):
        recipe_for(teacher, chunk())
