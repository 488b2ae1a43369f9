import asyncio

import pytest

from raftune.contracts import ChatMessage
from raftune.errors import BadReply, ConfigError
from raftune.generating.plain import Plain
from raftune.generating.request import Generation, Sampling
from tests.generating.test_engine import conversations, expected, whole
from tests.tiny_model import save_tiny, save_tiny_adapter


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("models") / "tiny")


def ask(plain, generation):
    return asyncio.run(whole(plain, generation))


def test_texts_adapters_and_the_plain_model_again(folder, tmp_path):
    plain, asked = Plain(folder, context=2048), conversations()[0]
    adapters = {name: save_tiny_adapter(folder, tmp_path / name, wide=wide) for name, wide in (("a", 0.2), ("b", 0.4))}
    for name, adapter in adapters.items():
        plain.open_adapter(name, adapter)
    for name in ("", "a", "b", "", "a"):
        text, last = ask(plain, Generation(asked, Sampling(max_tokens=8), name))
        assert text == expected(folder, asked, 8, adapters.get(name))
        assert (last.finish_reason, last.completion_tokens) == ("length", 8)
    plain.close_adapter("a")
    with pytest.raises(ConfigError, match="no adapter"):
        ask(plain, Generation(asked, Sampling(max_tokens=8), "a"))


def test_stops_and_seeds(folder):
    plain, asked = Plain(folder, context=2048), conversations()[0]
    text, _ = ask(plain, Generation(asked, Sampling(max_tokens=12)))
    cut, last = ask(plain, Generation(asked, Sampling(max_tokens=12, stop=(text[3:5],))))
    assert (cut, last.finish_reason) == (text[: text.index(text[3:5])], "stop")
    warm = [ask(plain, Generation(asked, Sampling(max_tokens=8, temperature=1.0, seed=seed)))[0] for seed in (1, 1, 2)]
    assert warm[0] == warm[1] != warm[2]


def test_what_it_cannot_do_is_refused(folder):
    plain, asked = Plain(folder, context=64), conversations()[9]
    with pytest.raises(ConfigError, match="schema"):
        ask(plain, Generation(asked, Sampling(max_tokens=4, schema={})))
    with pytest.raises(BadReply):
        ask(plain, Generation((ChatMessage(role="user", content="long " * 99),), Sampling(max_tokens=4)))
    _, last = ask(plain, Generation(asked, Sampling(max_tokens=999)))
    assert last.prompt_tokens + last.completion_tokens == 64
    plain.close()
