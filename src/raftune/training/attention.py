"""Attention for training: sequences behind one another without padding, and documents that all of them read.

A pass over a model holds several sequences in one row of tokens. Each attends to its own past, and to the keys and
values of the documents before it, which lie there once and are neither copied for each sequence nor masked. What both
parts give is joined by their log-sum-exp, which is exact (as in arXiv 2402.05099, section 3.1); backward, each part
takes the joined output and sum, so that its gradients are those of attention over all keys.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NAME = "raftune"
KeysValues = tuple[Any, Any]


@dataclass(frozen=True)
class Reading:
    """What one pass over a model reads.

    `lengths`: tokens of each sequence, in the order in which they lie in the row. `documents`: by layer, keys and
    values (1, key heads, tokens, width) that stand before every sequence. `kept`: where each layer puts its own keys
    and values.
    """

    lengths: tuple[int, ...]
    documents: Mapping[int, KeysValues] | None = None
    kept: dict[int, KeysValues] | None = None

    @property
    def pieces(self) -> Iterator[slice]:
        """Where each sequence lies in the row."""
        start = 0
        for length in self.lengths:
            yield slice(start, start + length)
            start += length


def install(model: Any) -> bool:
    """Sets this attention for a transformers model; False where the model does not let its attention be chosen."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, attend)
    model.set_attn_implementation(NAME)
    return bool(model.config.get_text_config()._attn_implementation == NAME)  # noqa: SLF001 - it has no public name


def attend(
    module: Any,
    query: Any,
    key: Any,
    value: Any,
    _mask: Any,
    *,
    reading: Reading,
    scaling: float | None = None,
    sliding_window: int | None = None,
    softcap: float | None = None,
    **_others: Any,
) -> tuple[Any, None]:
    """What transformers calls in each layer: query (1, heads, tokens, width) -> (1, tokens, heads, width)."""
    if reading.kept is not None:
        reading.kept[module.layer_idx] = (key, value)
    documents = None if reading.documents is None else reading.documents[module.layer_idx]
    seen = max(reading.lengths) + (0 if documents is None else documents[0].shape[2])
    windowed = sliding_window is not None and seen > sliding_window
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    groups = query.shape[1] // key.shape[1]
    key, value = (tensor.repeat_interleave(groups, 1) for tensor in (key, value))
    before = tuple(tensor.repeat_interleave(groups, 1) for tensor in documents or ())
    if query.device.type == "cpu" and query.shape[-1] == value.shape[-1] and not windowed and softcap is None:
        made = two_parts()(query, key, value, *(before or (None, None)), reading, scale)
    else:
        made = masked(query, key, value, before, reading, scale, sliding_window if windowed else None, softcap)
    return made.transpose(1, 2), None


def masked(
    query: Any,
    key: Any,
    value: Any,
    before: tuple[Any, ...],
    reading: Reading,
    scale: float,
    window: int | None,
    softcap: float | None,
) -> Any:
    """Attention sequence by sequence over copies of all keys, for windows, soft caps and devices without a kernel."""
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    made = []
    for piece in reading.pieces:
        keys = torch.cat([*before[:1], key[:, :, piece]], 2)
        values = torch.cat([*before[1:], value[:, :, piece]], 2)
        allowed = allowed_keys(piece.stop - piece.start, keys.shape[2], window, query.device)
        if softcap is None:
            made.append(scaled_dot_product_attention(query[:, :, piece], keys, values, attn_mask=allowed, scale=scale))
        else:
            scores = softcap * torch.tanh(query[:, :, piece] @ keys.transpose(2, 3) * (scale / softcap))
            made.append(scores.masked_fill(~allowed, -torch.inf).softmax(-1) @ values)
    return torch.cat(made, 2)


def allowed_keys(queries: int, keys: int, window: int | None, device: Any) -> Any:
    """(queries, keys) of bool: what the last `queries` of `keys` tokens see; with a window, that many tokens."""
    import torch

    at = torch.arange(keys - queries, keys, device=device)[:, None]
    key = torch.arange(keys, device=device)[None]
    return (key <= at) if window is None else (key <= at) & (key > at - window)


def two_parts() -> Any:
    """The autograd function, made once torch is there."""
    global _two_parts  # noqa: PLW0603 - torch is imported where it is used
    if _two_parts is None:
        _two_parts = _make_two_parts()
    return _two_parts


_two_parts: Any = None


def _make_two_parts() -> Any:
    import torch

    forward_kernel = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu  # noqa: SLF001 - gives the sums too
    backward_kernel = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward  # noqa: SLF001

    class TwoParts(torch.autograd.Function):  # type: ignore[misc]
        """Attention to a sequence's own past and to the documents before it, by the CPU's flash kernel."""

        @staticmethod
        def forward(context: Any, query: Any, key: Any, value: Any, keys: Any, values: Any, *rest: Any) -> Any:
            reading, scale = rest
            own = [forward_kernel(*cut(piece, query, key, value), 0.0, True, scale=scale) for piece in reading.pieces]
            made, total = torch.cat([one[0] for one in own], 2), torch.cat([one[1] for one in own], 2)
            if keys is not None:
                other, sums = forward_kernel(query, keys, values, 0.0, False, scale=scale)
                joined = torch.logaddexp(total, sums)
                made = made.mul_((total - joined).exp_()[..., None]).addcmul_(other, (sums - joined).exp_()[..., None])
                total = joined
            context.save_for_backward(query, key, value, keys, values, made, total)
            context.rest = rest
            return made

        @staticmethod
        def backward(context: Any, given: Any) -> Any:
            query, key, value, keys, values, made, total = context.saved_tensors
            reading, scale = context.rest
            given = given.contiguous()
            own = []
            for piece in reading.pieces:
                part, q, k, v, out, sums = cut(piece, given, query, key, value, made, total)
                own.append(backward_kernel(part, q, k, v, out, sums, 0.0, True, scale=scale))
            to_query, to_key, to_value = (torch.cat(parts, 2) for parts in zip(*own, strict=True))
            if keys is None:
                return to_query, to_key, to_value, None, None, None, None
            more, to_keys, to_values = backward_kernel(given, query, keys, values, made, total, 0.0, False, scale=scale)
            return to_query.add_(more), to_key, to_value, to_keys, to_values, None, None

    return TwoParts.apply


def cut(piece: slice, *tensors: Any) -> Iterator[Any]:
    """The part of (1, heads, tokens, ...) tensors that belongs to one sequence."""
    return (tensor[:, :, piece] for tensor in tensors)
