"""Every architecture either makes texts together as it makes them alone, or is refused in a sentence."""

import pytest
import torch

from raftune.errors import ConfigError
from raftune.generating.trial import fitted
from tests.tiny_architectures import PURE, RECURRENT, tiny_of

REFUSED = ("qwen2 with windows", "mistral with windows", "gemma2", "gemma3", *RECURRENT)


@pytest.mark.parametrize("name", [name for name in PURE if name not in REFUSED])
def test_these_fit(name):
    shape = fitted(tiny_of(name).eval(), 2048)
    assert shape.layers == 3


@pytest.mark.parametrize("name", REFUSED)
def test_these_do_not(name):
    with pytest.raises(ConfigError, match=r"This model|layers of this model"):
        fitted(tiny_of(name).eval(), 2048)


def test_a_window_wider_than_the_context_is_none():
    assert fitted(tiny_of("mistral with windows").eval(), 100).layers == 3


def test_a_model_that_computes_something_else_is_refused(monkeypatch):
    from raftune.generating import attention

    model = tiny_of("llama").eval()
    right = attention.attention
    monkeypatch.setattr(attention, "attention", lambda *given, **more: (torch.zeros_like(right(*given, **more)[0]), 0))
    with pytest.raises(ConfigError):
        fitted(model, 2048)
