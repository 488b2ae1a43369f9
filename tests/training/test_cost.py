import pytest

from raftune.prompts.raft import prompt_from
from raftune.training.cost import cost_quote, weights_used
from raftune.training.rows import rows_of
from tests.tiny_model import PROMPT, make_examples, save_tiny, tiny_model, tiny_tokenizer


def test_quote_counts_one_epoch(tmp_path):
    folder = save_tiny(tmp_path / "m")
    rows = rows_of(make_examples(2, 4), tiny_tokenizer(), prompt_from(PROMPT), 2048)
    shared = cost_quote(rows, folder, 3, share=True)
    apart = cost_quote(rows, folder, 3, share=False)
    assert (shared.examples, shared.epochs, shared.dollars) == (8, 3, 0.0)
    assert shared.prompt_tokens + shared.answer_tokens == sum(len(row.tokens) for row in rows)
    assert shared.longest == max(len(row.tokens) for row in rows)
    assert shared.flops < apart.flops / 2
    assert apart.flops == pytest.approx(3 * cost_quote(rows, folder, 1, share=False).flops)


def test_each_epoch_costs_one_draw(tmp_path):
    folder = save_tiny(tmp_path / "m")
    examples = make_examples(2, 4)
    drawn = [*examples, *(example.changed(draw=1, document_set=f"{example.document_set}-1") for example in examples)]
    one, two = (rows_of(some, tiny_tokenizer(), prompt_from(PROMPT), 2048) for some in (examples, drawn))
    assert cost_quote(two, folder, 3, share=True) == cost_quote(one, folder, 3, share=True)


def test_weights_without_embeddings(tmp_path):
    model = tiny_model()
    expected = sum(weight.numel() for weight in model.parameters()) - model.get_input_embeddings().weight.numel()
    assert weights_used(save_tiny(tmp_path / "m")) == expected


def test_nothing_costs_nothing(tmp_path):
    assert cost_quote([], save_tiny(tmp_path / "m"), 1, share=True).flops == 0.0
