"""The list of models, as the openai SDK sees it."""

from pathlib import Path

import openai
import pytest

from tests.serving.running import BASE, TUNED, running


def test_models_are_listed_and_found(tmp_path: Path) -> None:
    with running(tmp_path) as up, up.client() as client:
        assert [model.id for model in client.models.list()] == [BASE, TUNED]
        assert client.models.retrieve(TUNED).created == 1_700_000_001


def test_published_models_come_and_go(tmp_path: Path) -> None:
    name = "ft:harbour-360m:port:maps:abc123"
    with running(tmp_path) as up, up.client() as client:
        up.service.catalogue.publish(name, tmp_path, 5)
        assert client.models.retrieve(name).id == name
        up.service.catalogue.withdraw(name)
        assert name not in up.generator.adapters
        with pytest.raises(openai.NotFoundError):
            client.models.retrieve(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\x00b", "%2e%2e", "모델", "a" * 5000])
def test_odd_names_are_names(tmp_path: Path, name: str) -> None:
    with running(tmp_path) as up, up.client() as client, pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve(name)
    assert isinstance(caught.value.body, dict)
    assert set(caught.value.body) == {"message", "type", "param", "code"}
