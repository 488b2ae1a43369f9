"""What decides a model's replies, and what only says how it is reached."""

from raftune.roles import EmbedderConfig, StudentConfig, TeacherConfig, VisionConfig


def test_the_way_to_a_teacher_is_not_its_identity() -> None:
    near = TeacherConfig(provider="openai", model="m", base_url="http://localhost/v1", key_variable="A")
    far = TeacherConfig(provider="recorded", model="m")
    assert near.identity() == far.identity() == {"model": "m", "questions_per_chunk": 5, "reasoning": True}


def test_the_students_engine_is_not_its_identity() -> None:
    assert StudentConfig(engine="transformers", slots=1).identity() == StudentConfig().identity()


def test_the_way_to_a_vision_model_is_not_its_identity() -> None:
    near = VisionConfig(model="m", base_url="http://localhost/v1", key_variable="A", at_once=2, input_price=1)
    far = VisionConfig(provider="recorded", model="m")
    assert near.identity() == far.identity() == {"model": "m", "max_tokens": 4096}


def test_the_way_to_an_embedder_is_not_its_identity() -> None:
    near = EmbedderConfig(provider="openai", model="m", base_url="http://localhost/v1", key_variable="A", input_price=1)
    assert near.identity() == {"provider": "openai", "model": "m", "dimensions": None}
