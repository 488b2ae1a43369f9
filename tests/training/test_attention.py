import pytest

from raftune.training.attention import NAME, Reading, allowed_keys, attend, install
from tests.tiny_model import tiny_model


class Layer:
    layer_idx = 3


def tensors(tokens, documents, *, heads=4, key_heads=2, width=8):
    import torch

    generator = torch.Generator().manual_seed(0)
    shapes = [(heads, tokens), (key_heads, tokens), (key_heads, tokens), (key_heads, documents), (key_heads, documents)]
    return [
        torch.randn(1, count, length, width, dtype=torch.float64, generator=generator).requires_grad_()
        for count, length in shapes
    ]


def plain(query, key, value, keys, values, lengths, window=None, softcap=None):
    """Attention as in the textbook: for each sequence one matrix of scores."""
    import torch

    made, start = [], 0
    for length in lengths:
        piece = slice(start, start + length)
        k = torch.cat([keys, key[:, :, piece]], 2).repeat_interleave(2, 1)
        v = torch.cat([values, value[:, :, piece]], 2).repeat_interleave(2, 1)
        scores = query[:, :, piece] @ k.transpose(2, 3) * 0.5
        scores = scores if softcap is None else softcap * torch.tanh(scores / softcap)
        at = torch.arange(k.shape[2] - length, k.shape[2])[:, None]
        key_at = torch.arange(k.shape[2])[None]
        seen = (key_at <= at) & (key_at > at - (window or 10**9))
        made.append(scores.masked_fill(~seen, -torch.inf).softmax(-1) @ v)
        start += length
    return torch.cat(made, 2).transpose(1, 2)


@pytest.mark.parametrize("settings", [{}, {"window": 9}, {"softcap": 2.0}, {"window": 9, "softcap": 2.0}])
@pytest.mark.parametrize("documents", [0, 40])
def test_values_and_gradients_are_those_of_the_textbook(settings, documents):
    import torch

    lengths = (5, 17, 8)
    inputs = tensors(sum(lengths), documents)
    expected = plain(*inputs, lengths, **settings)
    gradients = torch.autograd.grad(expected.square().sum(), inputs, allow_unused=True)
    reading = Reading(lengths, {3: (inputs[3], inputs[4])} if documents else None)
    named = {"sliding_window": settings.get("window"), "softcap": settings.get("softcap")}
    got, _ = attend(Layer(), *inputs[:3], None, reading=reading, scaling=0.5, **named)
    assert torch.allclose(got, expected, rtol=1e-10, atol=1e-12)
    used = inputs if documents else inputs[:3]
    for one, other in zip(torch.autograd.grad(got.square().sum(), used), gradients, strict=False):
        assert torch.allclose(one, other, rtol=1e-9, atol=1e-11)


def test_keys_and_values_are_kept():
    kept = {}
    query, key, value, _, _ = tensors(4, 1)
    attend(Layer(), query, key, value, None, reading=Reading((4,), kept=kept))
    assert kept[3] == (key, value)


def test_no_mask_is_made_and_nothing_is_taken_for_packed_sequences():
    """Positions that start anew look like packing to transformers, which would part suffixes from their documents."""
    import torch
    from transformers import masking_utils

    model = tiny_model()
    assert install(model)
    seen = []

    def spy(module, query, key, value, mask, **named):
        seen.append(mask)
        return attend(module, query, key, value, mask, **named)

    model.model.layers[0].self_attn.config._attn_implementation = NAME
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, spy)
    try:
        places = torch.tensor([[5, 6, 7, 5, 6]])
        assert masking_utils.find_packed_sequence_indices(places) is not None
        model.model(input_ids=torch.ones_like(places), position_ids=places, use_cache=False, reading=Reading((3, 2)))
    finally:
        AttentionInterface.register(NAME, attend)
    assert seen == [None, None]


def test_windows():
    assert allowed_keys(2, 4, 2, "cpu").tolist() == [[False, True, True, False], [False, False, True, True]]
