"""Names of models are keys, whatever they look like."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import ConfigError
from raftune.serving.catalogue import Catalogue, Served
from raftune.serving.refusals import Refusal
from tests.serving.scripted import Scripted


@given(st.text(max_size=300))
def test_no_name_is_found_that_was_not_published(name: str) -> None:
    catalogue = Catalogue(Scripted())
    with pytest.raises(Refusal) as caught:
        catalogue.find(name)
    assert caught.value.status_code == 404
    catalogue.publish(name, Path("folder"), 1)
    assert catalogue.find(name) == Served(name, 1, adapter=name)
    catalogue.withdraw(name)
    with pytest.raises(Refusal):
        catalogue.find(name)


def test_an_adapter_that_cannot_be_opened_is_not_offered() -> None:
    class Picky(Scripted):
        def open_adapter(self, name: str, folder: Path) -> None:
            raise ConfigError("It is not one of this model.", "Name its base.")

    catalogue = Catalogue(Picky())
    with pytest.raises(ConfigError):
        catalogue.publish("ft:base:org:x:1", Path("folder"), 1)
    assert catalogue.all() == []


def test_what_was_not_published_keeps_its_adapter() -> None:
    generator = Scripted(adapters={"harbour": Path("folder")})
    catalogue = Catalogue(generator)
    catalogue.add(Served("raftune-rag", 1, adapter="harbour", reads=True))
    catalogue.withdraw("raftune-rag")
    catalogue.withdraw("raftune-rag")
    assert "harbour" in generator.adapters


def test_any_model_can_read_documents_first() -> None:
    catalogue = Catalogue(Scripted())
    catalogue.add(Served("base", 1))
    with pytest.raises(Refusal):
        catalogue.find("raftune-rag:base")
    catalogue.add(Served("raftune-rag", 1, reads=True))
    assert catalogue.find("raftune-rag:base").reads
    with pytest.raises(Refusal):
        catalogue.find("raftune-rag:other")
