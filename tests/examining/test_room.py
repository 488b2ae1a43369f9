from pathlib import Path

import pytest

from raftune.api import Project
from raftune.examining.room import needs_of
from raftune.project import Settings

ENDPOINT = {"provider": "openai", "base_url": "http://127.0.0.1:1/v1", "model": "gpt-4o-mini"}


def needed(tmp_path: Path, maximum: int = 400, **teacher: object) -> int:
    settings = Settings.model_validate({"teacher": ENDPOINT | teacher, "chunk": {"maximum": maximum, "minimum": 0}})
    return max(need.tokens for need in needs_of(Project(tmp_path, settings)) if need.role == "teacher")


def test_longer_passages_and_more_questions_need_more_room(tmp_path: Path) -> None:
    usual = needed(tmp_path)
    assert 1_000 < usual < 8_000
    assert needed(tmp_path, maximum=4_000) > usual + 3_000
    assert needed(tmp_path, questions_per_chunk=1) < usual


@pytest.mark.parametrize("mode", ["combined", "separate"])
def test_each_mode_can_be_measured(tmp_path: Path, mode: str) -> None:
    assert needed(tmp_path, mode=mode) > 500


def test_every_role_at_an_endpoint_has_a_need(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {
            "teacher": ENDPOINT,
            "judge": ENDPOINT,
            "vision": ENDPOINT,
            "embedder": ENDPOINT,
            "chunk": {"unit": "characters"},
        }
    )
    found = {need.role: need.tokens for need in needs_of(Project(tmp_path, settings))}
    assert set(found) == {"teacher", "judge", "vision", "embedder"}
    assert found["vision"] > settings.vision.max_tokens
    assert found["embedder"] < 600
