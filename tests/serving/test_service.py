"""A service and its parts."""

from pathlib import Path

from raftune.serving.service import words
from tests.serving.running import TOKEN, service_of
from tests.serving.scripted import Scripted


def test_parts_are_made_once_by_the_settings(tmp_path: Path) -> None:
    service = service_of(tmp_path, Scripted(), at_once=3, waiting=5)
    assert service.turnstile is service.turnstile
    assert (service.turnstile.at_once, service.turnstile.room) == (3, 5)
    assert service.measures is service.measures


def test_tokens_are_not_shown(tmp_path: Path) -> None:
    assert TOKEN not in repr(service_of(tmp_path, Scripted()))


def test_words() -> None:
    assert words(" two  words ") == 2
