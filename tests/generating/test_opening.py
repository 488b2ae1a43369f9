import asyncio
import logging

import pytest

from raftune.generating.engine import Engine
from raftune.generating.opening import open_generator, open_tuned
from raftune.generating.plain import Plain
from raftune.generating.request import Generation, Sampling
from raftune.models.weights import quiet
from tests.generating.test_engine import conversations, expected, whole
from tests.tiny_architectures import tiny_of
from tests.tiny_model import save_tiny, save_tiny_adapter, tiny_model, tiny_tokenizer


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("models") / "tiny")


def ask(generator, adapter):
    asked = Generation(conversations()[0], Sampling(max_tokens=8), adapter)
    try:
        return asyncio.run(whole(generator, asked))[0]
    finally:
        generator.close()


def test_what_training_made_is_asked_for(folder, tmp_path):
    adapter = save_tiny_adapter(folder, tmp_path / "a", wide=0.3)
    assert ask(*open_tuned(folder, adapter, context=2048)) == expected(folder, conversations()[0], 8, adapter)
    assert ask(*open_tuned(folder, None, context=2048)) == expected(folder, conversations()[0], 8)


def test_all_weights_take_the_place_of_the_model_s_own(folder, tmp_path):
    with quiet():
        tiny_model(seed=5).save_pretrained(tmp_path / "all")
    other = save_tiny(tmp_path / "other", seed=5)
    assert ask(*open_tuned(folder, tmp_path / "all", context=2048)) == expected(other, conversations()[0], 8)


def test_models_that_do_not_fit_make_one_text_after_the_other(tmp_path, caplog):
    with quiet():
        tiny_of("gemma3").save_pretrained(tmp_path)
    tiny_tokenizer().save_pretrained(tmp_path)
    with caplog.at_level(logging.WARNING):
        generator = open_generator(tmp_path, context=2048)
    assert isinstance(generator, Plain)
    assert "one after the other" in caplog.text
    assert ask(generator, "") == expected(tmp_path, conversations()[0], 8)


def test_models_that_fit_make_many(folder):
    generator = open_generator(folder, context=2048)
    assert isinstance(generator, Engine)
    generator.close()
