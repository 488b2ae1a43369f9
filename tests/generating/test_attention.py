"""Attention in two parts is attention over all keys."""

import pytest
import torch

from raftune.generating.attention import attention, joined


def drawn(*shape, dtype=torch.float64):
    return torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(sum(shape)))


def plain(query, keys, values, mask=None):
    scores = query @ keys.transpose(2, 3) * 0.5
    return (scores if mask is None else scores + mask).softmax(-1) @ values


def test_parts_join_to_the_whole():
    query, keys, values = drawn(2, 3, 5, 8), drawn(2, 3, 11, 8), drawn(2, 3, 11, 8)
    first = attention(query, keys[:, :, :4], values[:, :, :4], 0.5)
    second = attention(query, keys[:, :, 4:], values[:, :, 4:], 0.5)
    made, _ = joined(*first, *second)
    assert torch.allclose(made, plain(query, keys, values), atol=1e-12)


@pytest.mark.parametrize("width", [8, 6], ids=["kernel", "by hand"])
def test_masks_and_causality(width):
    query, keys, values = drawn(1, 2, 5, 8), drawn(1, 2, 5, 8), drawn(1, 2, 5, width)
    later = torch.full((5, 5), -torch.inf, dtype=torch.float64).triu(1)
    assert torch.allclose(attention(query, keys, values, 0.5, causal=True)[0], plain(query, keys, values, later))
    hidden = torch.zeros(1, 1, 5, 5, dtype=torch.float64)
    hidden[..., 3:] = -torch.inf
    made, total = attention(query, keys, values, 0.5, hidden)
    assert torch.allclose(made, plain(query, keys, values, hidden))
    assert torch.allclose(total, (query @ keys.transpose(2, 3) * 0.5 + hidden).logsumexp(-1))
