from dataclasses import replace

import pytest

from raftune.errors import TrainingError
from raftune.prompts.raft import prompt_from
from raftune.training.adapter import add_lora, trained
from raftune.training.memory import compute_twice
from raftune.training.options import LoraOptions
from raftune.training.rows import Row, rows_of
from raftune.training.shared_prefix import Way, batches_of, prepare, run_group
from tests.exact_numbers import exact_numbers
from tests.tiny_model import PROMPT, make_examples, tiny_model, tiny_tokenizer


def tuned(model, **options):
    """LoRA whose second matrices are not zero, so that every gradient counts."""
    import torch

    tuned = add_lora(model, LoraOptions(rank=4, **options), "tiny", (1, 2)).train()
    with torch.random.fork_rng():
        torch.manual_seed(1)
        for parameter in trained(tuned).values():
            parameter.data = torch.randn_like(parameter).to(model.dtype) * 0.05
    return tuned


def gradients(model, rows, way):
    import torch

    model.zero_grad()
    tally = run_group(model.get_base_model(), rows, 100, way)
    return tally, torch.cat([parameter.grad.flatten() for parameter in trained(model).values()])


@pytest.fixture
def rows():
    return rows_of(make_examples(1, 4), tiny_tokenizer(), prompt_from(PROMPT), 2048)


@pytest.mark.parametrize("changes", [{}, {"batch_tokens": 100}, {"checkpointing": True}])
def test_gradients_are_those_of_the_models_own_code_on_separate_examples(rows, monkeypatch, changes):
    exact_numbers(monkeypatch)
    model = tuned(tiny_model().double())
    apart, expected = gradients(model, rows, Way(share=False, flat=False))
    way = replace(prepare(model), **changes)
    if way.checkpointing:
        compute_twice(model.get_base_model())
    together, got = gradients(model, rows, way)
    assert float((got - expected).norm() / expected.norm()) < 1e-9
    assert together.loss == pytest.approx(apart.loss, rel=1e-12)
    assert (together.right, together.labels, together.tokens) == (apart.right, apart.labels, apart.tokens)
    assert together.read < apart.read / 2.5


def test_all_weights_get_the_gradients_of_separate_examples(rows, monkeypatch):
    import torch

    exact_numbers(monkeypatch)
    model = tiny_model().double().requires_grad_().train()
    found = []
    for way in (Way(share=False, flat=False), None):
        model.zero_grad()
        run_group(model, rows, 100, way or prepare(model))
        found.append(torch.cat([parameter.grad.flatten() for parameter in model.parameters()]))
    assert float((found[1] - found[0]).norm() / found[0].norm()) < 1e-9


def test_validation_leaves_no_gradients(rows):
    import torch

    model = tuned(tiny_model())
    way = prepare(model)
    with torch.no_grad():
        together = run_group(model.get_base_model(), rows, 1, way)
        apart = run_group(model.get_base_model(), rows, 1, replace(way, share=False))
    assert together.loss == pytest.approx(apart.loss, rel=1e-5)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_weights_of_labels_change_gradients_and_not_the_loss_that_is_told(rows):
    model = tuned(tiny_model())
    way = prepare(model)
    plain, expected = gradients(model, rows, way)
    doubled = [replace(row, weights=(2.0,) * row.labels) for row in rows]
    told, got = gradients(model, doubled, way)
    assert told.loss == pytest.approx(plain.loss, rel=1e-5)
    assert float((got - 2 * expected).norm() / expected.norm()) < 1e-4


def test_activated_lora_shares_exactly_and_keeps_what_it_read(rows, monkeypatch):
    exact_numbers(monkeypatch)
    model = tuned(tiny_model().double(), kind="activated")
    way = prepare(model, invocation=2)
    apart, expected = gradients(model, rows, replace(way, share=False))
    together, got = gradients(model, rows, way)
    assert float((got - expected).norm() / expected.norm()) < 1e-9
    assert together.loss == pytest.approx(apart.loss, rel=1e-12)
    assert len(way.kept) == 1
    assert gradients(model, rows, way)[0] == together


def test_activated_lora_is_refused_where_it_could_not_be_kept_to_the_answer():
    import torch

    model = add_lora(tiny_model().to(torch.bfloat16), LoraOptions(kind="activated"), "tiny", (1, 2))
    assert next(iter(trained(model).values())).dtype == torch.float32
    with pytest.raises(TrainingError, match="Activated LoRA"):
        prepare(model, invocation=2)


def test_activated_lora_is_that_of_peft(rows):
    import torch

    model = tuned(tiny_model(), kind="activated")
    model.peft_config["default"].alora_invocation_tokens = list(rows[0].tokens[rows[0].start - 2 : rows[0].start])
    ids = torch.tensor([rows[0].tokens])
    expected = torch.nn.functional.cross_entropy(
        model(input_ids=ids).logits[0, rows[0].start - 1 : -1], ids[0, rows[0].start :], reduction="sum"
    )
    tally, _ = gradients(model, rows[:1], prepare(model, invocation=2))
    assert tally.loss == pytest.approx(float(expected.detach()), rel=1e-5)


def test_batches_are_bounded():
    rows = [Row(str(length), "s", (1,) * length, 11) for length in (14, 15, 22, 40, 12)]
    way = Way(batch_tokens=20)
    assert [[len(row.tokens) for row in batch] for batch in batches_of(rows, 10, way)] == [[14, 15], [22], [40], [12]]
    assert [len(batch) for batch in batches_of(rows, 10, replace(way, flat=False))] == [1] * 5
