"""What decides a model's replies, and what only says how it is reached."""

from typing import Any

import pytest
from pydantic import ValidationError

from raftune.roles import EmbedderConfig, StudentConfig, TeacherConfig, VisionConfig


def test_the_way_to_a_teacher_is_not_its_identity() -> None:
    near = TeacherConfig(provider="openai", model="m", base_url="http://localhost/v1", key_variable="A")
    far = TeacherConfig(provider="recorded", model="m")
    assert near.identity() == far.identity()
    assert set(near.identity()) == {
        "model", "questions_per_chunk", "reasoning", "recipe", "mode", "kinds", "style",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"recipe": "passages"}, "The built-in teacher works by rules"),
        ({"mode": "separate"}, "The built-in teacher works by rules"),
        ({"model": "m", "recipe": "sentences", "mode": "separate"}, "questions and answers at once"),
        ({"kinds": {"call": 1.0}}, "no kind to mix"),
        ({"kinds": {"fact": 0.0}}, "at least one be over 0"),
        ({"kinds": {"fact": -1.0, "number": 2.0}}, "must not be negative"),
        ({"kinds": {"riddle": 1.0}}, "riddle"),
    ],
)
def test_what_a_teacher_cannot_do_is_said(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TeacherConfig(**fields)


def test_the_students_engine_is_not_its_identity() -> None:
    assert StudentConfig(engine="transformers", slots=1).identity() == StudentConfig().identity()


def test_the_way_to_a_vision_model_is_not_its_identity() -> None:
    near = VisionConfig(model="m", base_url="http://localhost/v1", key_variable="A", at_once=2, input_price=1)
    far = VisionConfig(provider="recorded", model="m")
    assert near.identity() == far.identity() == {"model": "m", "max_tokens": 4096}


def test_the_way_to_an_embedder_is_not_its_identity() -> None:
    near = EmbedderConfig(provider="openai", model="m", base_url="http://localhost/v1", key_variable="A", input_price=1)
    assert near.identity() == {"provider": "openai", "model": "m", "dimensions": None}
