"""Attention for generating: one step holds many sequences, some with one new token, some with a piece of a prompt.

A sequence attends to the segment it shares with others, which lies in memory once, and to its own tokens. Both parts
are joined by their log-sum-exp, which is exact (arXiv 2402.05099, section 3.1). All sequences that read a segment read
it together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from raftune.errors import ConfigError
from raftune.generating.segments import Segment
from raftune.generating.shape import ADVICE

NAME = "raftune-generating"


@dataclass(frozen=True)
class Together:
    """Decoding sequences that read one segment: their slots, how many of its tokens, and a mask where these differ."""

    segment: Segment
    slots: Any
    tokens: int
    mask: Any


@dataclass(frozen=True)
class Passage:
    """A piece of a prompt at [start, end) of the step's tokens; `before` tokens of its sequence were read already.

    The first `shared` of these lie in `segment`; the rest, and the piece, in slot `slot`. Where that is -1 the piece
    itself fills the segment.
    """

    start: int
    end: int
    before: int
    shared: int
    segment: Segment | None
    slot: int


@dataclass(frozen=True)
class StepReading:
    """What a step reads. The first tokens of its row are those of decoding sequences, one each.

    `decoding` are their slots, `lengths` the tokens in these before the step, `mask` (slots, 1, 1, tokens) hides what
    is not there. `slots` may be None where no sequence has one. `seen` is told what layers do, where it is set.
    """

    slots: Any = None
    decoding: Any = None
    lengths: Any = None
    mask: Any = None
    together: tuple[Together, ...] = ()
    passages: tuple[Passage, ...] = ()
    seen: Any = None


def install(model: Any) -> None:
    """Sets this attention for a transformers model. Raises ConfigError where its attention cannot be chosen."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, attend)
    model.set_attn_implementation(NAME)
    if model.config.get_text_config()._attn_implementation != NAME:  # noqa: SLF001 - it has no public name
        raise ConfigError("The attention of this model cannot be replaced.", ADVICE)


def attend(
    module: Any,
    query: Any,
    key: Any,
    value: Any,
    _mask: Any,
    *,
    reading: StepReading,
    scaling: float | None = None,
    sliding_window: int | None = None,
    softcap: float | None = None,
    **_others: Any,
) -> tuple[Any, None]:
    """What transformers calls in each layer: query (1, heads, tokens, width) -> (1, tokens, heads, width)."""
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    if reading.seen is not None:
        reading.seen.note(module.layer_idx, (key, value), sliding_window, softcap)
    layer = Layer(module.layer_idx, reading, scale)
    made = [layer.decoded(query, key, value)] if reading.decoding is not None else []
    made += [layer.read(passage, query, key, value) for passage in reading.passages]
    return made[0] if len(made) == 1 else joined_rows(made), None


def run(model: Any, tokens: Sequence[int], positions: Sequence[int], reading: StepReading, wanted: Any) -> Any:
    """(wanted, vocabulary): logits of the tokens at these indices, by the model's own code with this attention."""
    import torch

    device = model.device
    ids, places = torch.tensor([list(tokens)], device=device), torch.tensor([list(positions)], device=device)
    made = model(input_ids=ids, position_ids=places, use_cache=False, logits_to_keep=wanted.to(device), reading=reading)
    return made.logits[0]


def joined_rows(parts: Sequence[Any]) -> Any:
    """(1, tokens, heads, width) tensors behind one another."""
    import torch

    return torch.cat(list(parts), 1)


@dataclass(frozen=True)
class Layer:
    """One layer in one step."""

    number: int
    reading: StepReading
    scale: float

    def decoded(self, query: Any, key: Any, value: Any) -> Any:
        """The new tokens of decoding sequences: (1, sequences, heads, width). Keeps their keys and values."""
        reading, slots = self.reading, self.reading.slots
        count, heads = len(reading.decoding), key.shape[1]
        keys, values = slots.keys[self.number], slots.values[self.number]
        keys[reading.decoding, :, reading.lengths] = key[0, :, :count].transpose(0, 1)
        values[reading.decoding, :, reading.lengths] = value[0, :, :count].transpose(0, 1)
        asked = query[0, :, :count].transpose(0, 1).reshape(count, heads, -1, query.shape[-1])
        active, tokens = reading.mask.shape[0], reading.mask.shape[-1]
        every = asked if count == active else spread(asked, reading.decoding, active)
        made, total = attention(every, keys[:active, :, :tokens], values[:active, :, :tokens], self.scale, reading.mask)
        for group in reading.together:
            self.add_segment(group, every, made, total)
        chosen = made if count == active else made[reading.decoding]
        return chosen.reshape(1, count, -1, value.shape[-1])

    def add_segment(self, group: Together, asked: Any, made: Any, total: Any) -> None:
        """Joins, in place, what the sequences of a group find in their segment."""
        _, heads, queries, width = asked.shape
        rows = asked[group.slots].transpose(0, 1).reshape(1, heads, -1, width)
        keys = group.segment.keys[self.number, None, :, : group.tokens]
        values = group.segment.values[self.number, None, :, : group.tokens]
        mask = None if group.mask is None else group.mask.repeat_interleave(queries, 0)[None, None]
        other, sums = attention(rows, keys, values, self.scale, mask)
        other = other.reshape(heads, -1, queries, other.shape[-1]).transpose(0, 1)
        sums = sums.reshape(heads, -1, queries).transpose(0, 1)
        made[group.slots], total[group.slots] = joined(made[group.slots], total[group.slots], other, sums)

    def read(self, passage: Passage, query: Any, key: Any, value: Any) -> Any:
        """A piece of a prompt: (1, tokens, heads, width). Keeps its keys and values."""
        piece = slice(passage.start, passage.end)
        query, key, value = query[:, :, piece], key[:, :, piece], value[:, :, piece]
        groups = query.shape[1] // key.shape[1]
        wide_key, wide_value = (tensor.repeat_interleave(groups, 1) for tensor in (key, value))
        made, total = attention(query, wide_key, wide_value, self.scale, causal=True)
        for keys, values in self.parts(passage, key, value):
            heads = keys.shape[1]
            rows = query.reshape(1, heads, -1, query.shape[-1])
            other, sums = attention(rows, keys, values, self.scale)
            made, total = joined(made, total, other.reshape(made.shape), sums.reshape(total.shape))
        return made.transpose(1, 2)

    def parts(self, passage: Passage, key: Any, value: Any) -> list[tuple[Any, Any]]:
        """Keys and values before a piece: of its segment, and of its slot. Writes those of the piece behind them."""
        found = []
        segment, own = passage.segment, passage.before - passage.shared
        if segment is not None:
            keys, values = segment.keys[self.number, None], segment.values[self.number, None]
            if passage.shared:
                found.append((keys[:, :, : passage.shared], values[:, :, : passage.shared]))
            if passage.slot < 0:
                end = passage.shared + passage.end - passage.start
                keys[:, :, passage.shared : end], values[:, :, passage.shared : end] = key, value
        if passage.slot >= 0:
            slot = slice(passage.slot, passage.slot + 1)
            keys, values = self.reading.slots.keys[self.number, slot], self.reading.slots.values[self.number, slot]
            if own:
                found.append((keys[:, :, :own], values[:, :, :own]))
            end = own + passage.end - passage.start
            keys[:, :, own:end], values[:, :, own:end] = key, value
        return found


def spread(rows: Any, places: Any, count: int) -> Any:
    """Rows at their places among `count`, zeros elsewhere."""
    whole = rows.new_zeros((count, *rows.shape[1:]))
    whole[places] = rows
    return whole


def joined(made: Any, total: Any, other: Any, sums: Any) -> tuple[Any, Any]:
    """Attention over two sets of keys from that over each: results (..., width) and log-sum-exps (...)."""
    import torch

    both = torch.logaddexp(total, sums)
    return made * (total - both).exp()[..., None] + other * (sums - both).exp()[..., None], both


def attention(
    query: Any, key: Any, value: Any, scale: float, mask: Any = None, *, causal: bool = False
) -> tuple[Any, Any]:
    """Attention and its log-sum-exp: (batch, heads, queries, width) and (batch, heads, queries).

    `mask` is added to scores and can be expanded to (batch, heads, queries, keys). `causal` needs as many queries as
    keys.
    """
    import torch

    if (
        query.device.type == "cpu"
        and query.shape[-1] == value.shape[-1]
        and query.dtype in (torch.float32, torch.float64)
    ):
        whole = None if mask is None else mask.expand(query.shape[0], query.shape[1], query.shape[2], key.shape[2])
        kernel = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu  # noqa: SLF001 - gives the sums too
        made, sums = kernel(query, key, value, 0.0, causal, attn_mask=whole, scale=scale)
        return made, sums.to(made.dtype)
    scores = query @ key.transpose(2, 3) * scale
    if causal:
        scores = scores.masked_fill(torch.ones_like(scores, dtype=torch.bool).triu(1), -torch.inf)
    elif mask is not None:
        scores = scores + mask
    total = scores.logsumexp(-1)
    return (scores - total[..., None]).exp() @ value, total
