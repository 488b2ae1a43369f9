import pytest
from transformers.models.llama.modeling_llama import LlamaRMSNorm

from raftune.prompts.raft import prompt_from
from raftune.training import shared_prefix
from raftune.training.adapter import add_lora, trained
from raftune.training.options import LoraOptions
from raftune.training.rows import Row, rows_of
from raftune.training.shared_prefix import can_share, plain_head, run_group, same_gradients, suffix_batches
from tests.tiny_model import PROMPT, make_examples, tiny_model, tiny_tokenizer


def tuned(model):
    """LoRA whose second matrices are not zero, so that every gradient counts."""
    import torch

    tuned = add_lora(model, LoraOptions(rank=4), "tiny").train()
    with torch.random.fork_rng():
        torch.manual_seed(1)
        for parameter in trained(tuned).values():
            parameter.data = torch.randn_like(parameter).to(model.dtype) * 0.05
    return tuned


def gradients(model, rows, *, share):
    import torch

    model.zero_grad()
    tally = run_group(model.get_base_model(), rows, 100, share=share)
    return tally, torch.cat([parameter.grad.flatten() for parameter in trained(model).values()])


@pytest.fixture
def rows():
    return rows_of(make_examples(1, 4), tiny_tokenizer(), prompt_from(PROMPT), 2048)


@pytest.fixture
def exact(monkeypatch):
    """Normalisation in the model's own precision: transformers computes it in fp32."""
    import torch

    def forward(self, states):
        return self.weight * states * torch.rsqrt(states.pow(2).mean(-1, keepdim=True) + self.variance_epsilon)

    monkeypatch.setattr(LlamaRMSNorm, "forward", forward)


@pytest.mark.parametrize("suffix_tokens", [64, 2048])
@pytest.mark.usefixtures("exact")
def test_gradients_are_those_of_separate_examples(rows, suffix_tokens, monkeypatch):
    monkeypatch.setattr(shared_prefix, "SUFFIX_TOKENS", suffix_tokens)
    model = tuned(tiny_model().double())
    (apart, expected), (together, got) = (gradients(model, rows, share=share) for share in (False, True))
    assert float((got - expected).norm() / expected.norm()) < 1e-9
    assert together.loss == pytest.approx(apart.loss, rel=1e-12)
    assert (together.right, together.labels) == (apart.right, apart.labels)


def test_gradients_agree_in_fp32(rows):
    assert same_gradients(tuned(tiny_model()).get_base_model(), rows)


def test_validation_leaves_no_gradients(rows):
    import torch

    model = tuned(tiny_model())
    with torch.no_grad():
        together = run_group(model.get_base_model(), rows, 1, share=True)
        apart = run_group(model.get_base_model(), rows, 1, share=False)
    assert together.loss == pytest.approx(apart.loss, rel=1e-5)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_wrong_shared_path_is_found(rows, monkeypatch):
    model = tuned(tiny_model()).get_base_model()
    monkeypatch.setattr(
        shared_prefix, "run_shared", lambda model, rows, labels, shared: run_group(model, rows[:1], labels, share=False)
    )
    assert not same_gradients(model, rows)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_models_that_cannot_share_or_change_logits_are_told_apart(rows):
    from transformers import Gemma2Config, Gemma2ForCausalLM

    llama = tiny_model()
    assert can_share(llama)
    assert plain_head(llama, rows[0])
    shape = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    heads = {"num_key_value_heads": 1, "head_dim": 16, "vocab_size": 400, "initializer_range": 1.0}
    gemma = Gemma2ForCausalLM(Gemma2Config(**shape, **heads, final_logit_softcapping=2.0))
    assert not can_share(gemma)
    assert not plain_head(gemma, rows[0])


def test_batches_are_sorted_and_bounded(monkeypatch):
    monkeypatch.setattr(shared_prefix, "SUFFIX_TOKENS", 20)
    rows = [Row(str(length), "s", (1,) * length, 11) for length in (19, 14, 40, 15)]
    assert [[len(row.tokens) for row in batch] for batch in suffix_batches(rows, 10)] == [[14, 15], [19], [40]]
