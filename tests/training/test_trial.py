import logging
from dataclasses import replace

import pytest

from raftune.prompts.raft import prompt_from
from raftune.training import attention, trial
from raftune.training.adapter import add_lora
from raftune.training.options import LoraOptions
from raftune.training.rows import rows_of
from raftune.training.shared_prefix import Way, prepare
from raftune.training.trial import gradients, head_fits, same_gradients, tried
from tests.exact_numbers import exact_numbers
from tests.tiny_architectures import PURE, RECURRENT, tiny_of
from tests.tiny_model import PROMPT, make_examples, tiny_model, tiny_tokenizer
from tests.training.test_shared_prefix import tuned


@pytest.fixture
def rows():
    return rows_of(make_examples(1, 3), tiny_tokenizer(), prompt_from(PROMPT), 2048)


@pytest.mark.parametrize("name", PURE)
def test_every_architecture_shares_with_the_gradients_of_its_own_code(name, rows, monkeypatch):
    exact_numbers(monkeypatch)
    model = tuned(tiny_of(name).double())
    causal = model.get_base_model()
    own = causal.config.get_text_config()._attn_implementation
    assert head_fits(causal, rows[0])
    way = prepare(model)
    assert way.share
    causal.set_attn_implementation(own)
    expected = gradients(causal, rows, replace(way, share=False, flat=False))
    causal.set_attn_implementation(attention.NAME)
    got = gradients(causal, rows, way)
    assert float((got - expected).abs().max() / expected.abs().max()) < 1e-9
    assert float((got - expected).norm() / expected.norm()) < 1e-9


@pytest.mark.parametrize("name", RECURRENT)
def test_hybrid_models_fall_back_with_one_line(name, rows, caplog):
    model = tuned(tiny_of(name))
    causal = model.get_base_model()
    own = causal.config._attn_implementation
    with caplog.at_level(logging.WARNING):
        way = tried(causal, [rows], prepare(model), own)
    assert (way.share, way.flat) == (False, False)
    assert [record.message for record in caplog.records if record.name.startswith("raftune")] == [
        "Documents are read once for each example: this student does not fit shared prefixes."
    ]
    assert causal.config._attn_implementation == own


def test_fp32_agrees_and_leaves_no_gradients(rows):
    model = tuned(tiny_model())
    causal = model.get_base_model()
    way = prepare(model)
    assert tried(causal, [rows[:1], rows], way, "sdpa") == way
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_wrong_shared_path_is_found(rows, monkeypatch):
    model = tuned(tiny_model())
    way = prepare(model)
    right = trial.run_group
    wrong = lambda causal, some, weight, way: right(causal, some[:1] if way.share else some, weight, way)  # noqa: E731
    monkeypatch.setattr(trial, "run_group", wrong)
    assert not same_gradients(model.get_base_model(), rows, way, "sdpa")
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize("kind", ["lora", "rslora", "dora"])
def test_every_kind_of_adapter_shares(kind, rows):
    model = tuned(tiny_model(), kind=kind)
    way = prepare(model)
    assert (way.activity is None) == (kind == "dora")
    assert same_gradients(model.get_base_model(), rows, way, "sdpa")


def test_an_unknown_head_is_found(rows, monkeypatch):
    assert head_fits(tiny_model(), rows[0])
    monkeypatch.setattr(trial, "logits", lambda model, states: model.get_output_embeddings()(states) * 2)
    assert not head_fits(tiny_model(), rows[0])


def test_the_plain_way_needs_no_trial(rows):
    model = add_lora(tiny_model(), LoraOptions(), "tiny")
    way = tried(model.get_base_model(), [rows], Way(share=False, flat=False), "sdpa")
    assert not way.flat
